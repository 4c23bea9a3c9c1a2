"""The rules of the stages: which can run, who runs it, what its end means for those that stand on it.

Every change of a document's stages holds its workflow row first, so that they happen one after the other. A claim has
a fencing token: a worker that lost its lease can write nothing.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql
from hydrateall.documents import repository
from hydrateall.documents.enums import FileType, StageName
from hydrateall.documents.errors import LeaseGone, NotOptional, StageUnknown, UnknownDocument
from hydrateall.documents.models import ProcessingWorkflow


@dataclass(frozen=True)
class Claim:
    """A worker's hold on a stage. `lost` counts the workers that vanished at it before."""

    document_id: uuid.UUID
    stage: StageName
    fencing_token: int
    lost: int


@dataclass(frozen=True)
class OutputFile:
    """The row of an output that a stage has written to the storage."""

    file_type: FileType
    input_digest: str
    file_path: str
    file_size: int
    stored_size: int
    mime_type: str
    encoding: str
    checksum: str
    metadata: str  # JSON


@dataclass(frozen=True)
class Step:
    """A stage in the order; `optional`: the others can do without it."""

    stage: StageName
    optional: bool


def stages_in_order(session: Session) -> list[Step]:
    """Every stage in its order, from the rows of the dependencies."""
    found = rows(session, sql("documents/stage_order"))
    return [Step(StageName(row["stage_name"]), row["optional"]) for row in found]


def next_available_stage(
    session: Session,
    document_id: uuid.UUID,
    *,
    now: datetime,
    wanted: Collection[StageName] | None = None,
    owner: str = "",
) -> StageName | None:
    """The stage that can run now, from the rows alone; None if none can, or the document is paused."""
    found = rows(
        session,
        sql("documents/next_stage"),
        document_id=document_id,
        wanted=None if wanted is None else sorted(wanted),
        now=now,
        owner=owner,
    )
    return StageName(found[0]["stage_name"]) if found else None


def claim_next(
    session: Session,
    document_id: uuid.UUID,
    *,
    owner: str,
    now: datetime,
    until: datetime,
    wanted: Collection[StageName] | None = None,
) -> Claim | None:
    """Claim the next available stage until a moment; None if there is none. An owner takes over what it held before."""
    hold(session, document_id)
    stage = next_available_stage(session, document_id, now=now, wanted=wanted, owner=owner)
    if stage is None:
        return None
    [claimed] = rows(
        session,
        sql("documents/claim_stage"),
        document_id=document_id,
        stage=stage,
        owner=owner,
        now=now,
        lease_expires_at=until,
    )
    _sum_up(session, document_id, now)
    return Claim(document_id, stage, claimed["fencing_token"], claimed["retry_count"])


def extend(session: Session, claim: Claim, *, until: datetime) -> bool:
    """Extend a claim's lease; say whether it still holds."""
    return bool(
        rows(
            session,
            sql("documents/extend_lease"),
            document_id=claim.document_id,
            stage=claim.stage,
            fencing_token=claim.fencing_token,
            lease_expires_at=until,
        )
    )


def complete(session: Session, claim: Claim, output: OutputFile, *, now: datetime) -> list[StageName]:
    """End a claimed stage with its output; return the stages that are stale by it. Raise LeaseGone.

    Nothing becomes stale by an output that is the same as before.
    """
    flow = confirm(session, claim)
    before = repository.current_output(session, claim.document_id, claim.stage, output.file_type)
    repository.store_output(session, claim.document_id, claim.stage, output)
    changed = before is None or before.checksum != output.checksum
    repository.end_stage(session, claim.document_id, claim.stage, input_digest=output.input_digest, now=now)
    _forget_force(session, flow, claim.stage)
    stale = _mark_stale(session, claim.document_id, claim.stage, now) if changed else []
    _sum_up(session, claim.document_id, now)
    return stale


def complete_unchanged(session: Session, claim: Claim, *, now: datetime) -> None:
    """End a claimed stage whose current output was made from this very input. Raise LeaseGone."""
    confirm(session, claim)
    repository.end_stage(session, claim.document_id, claim.stage, input_digest=None, now=now)
    _sum_up(session, claim.document_id, now)


def fail(session: Session, claim: Claim, reason: str, *, again: bool, now: datetime) -> None:
    """End a claimed stage without an output; `again`: it may be tried once more. Raise LeaseGone."""
    confirm(session, claim)
    repository.fail_stage(session, claim.document_id, claim.stage, reason=reason, again=again, now=now)
    _sum_up(session, claim.document_id, now)


def give_back(session: Session, claim: Claim, *, now: datetime) -> None:
    """Let a claimed stage go as if it had not been begun. A claim that is gone is as well."""
    try:
        confirm(session, claim)
    except LeaseGone:
        return
    repository.release_stage(session, claim.document_id, claim.stage, now=now)
    _sum_up(session, claim.document_id, now)


def confirm(session: Session, claim: Claim) -> ProcessingWorkflow:
    """Hold the document and check that the claim is still good; raise LeaseGone."""
    flow = hold(session, claim.document_id)
    if not repository.holds(session, claim.document_id, claim.stage, claim.fencing_token):
        raise LeaseGone(claim.stage)
    return flow


def _forget_force(session: Session, flow: ProcessingWorkflow, stage: StageName) -> None:
    """Take a stage off the list of those that are to run whatever their input is: it has."""
    forced = flow.configuration.get("force", [])
    if stage in forced:
        flow.configuration = {**flow.configuration, "force": [name for name in forced if name != stage]}
        session.flush()


def hold(session: Session, document_id: uuid.UUID) -> ProcessingWorkflow:
    """Hold a document's workflow until the transaction ends; raise UnknownDocument."""
    workflow = repository.lock_workflow(session, document_id)
    if workflow is None:
        raise UnknownDocument(document_id)
    return workflow


def reset(
    session: Session, document_id: uuid.UUID, *, stages: Collection[StageName] | None, now: datetime
) -> list[StageName]:
    """Have stages run again, all or those named; return them. What is done from the same input will change nothing."""
    session.execute(sql("documents/complete_stages"), {"document_id": document_id})
    wanted = None if stages is None else sorted(stages)
    found = rows(session, sql("documents/reset_stages"), document_id=document_id, stages=wanted, now=now)
    _sum_up(session, document_id, now)
    return [StageName(row["stage_name"]) for row in found]


def blocked(
    session: Session, document_id: uuid.UUID, stages: Collection[StageName]
) -> tuple[StageName, list[StageName]] | None:
    """The first of these stages that could not run even after the others of them, and what it lacks."""
    found = rows(session, sql("documents/blocked_stages"), document_id=document_id, stages=sorted(stages))
    return (StageName(found[0]["stage_name"]), [StageName(each) for each in found[0]["needs"]]) if found else None


def skip(session: Session, document_id: uuid.UUID, stages: Collection[StageName], *, now: datetime) -> None:
    """Leave out optional stages of a document; raise NotOptional."""
    require_optional(session, stages)
    repository.skip_stages(session, document_id, stages, now=now)
    _sum_up(session, document_id, now)


def require_optional(session: Session, stages: Collection[StageName]) -> None:
    """Raise NotOptional unless the others can do without each of these stages."""
    optional = {step.stage for step in stages_in_order(session) if step.optional}
    for stage in stages:
        if stage not in optional:
            raise NotOptional(stage, sorted(optional))


def read_stages(names: Collection[str]) -> list[StageName]:
    """Stages by their names; raise StageUnknown."""
    known = {stage.value: stage for stage in StageName}
    for name in names:
        if name not in known:
            raise StageUnknown(name, sorted(known))
    return [known[name] for name in names]


def original_changed(session: Session, document_id: uuid.UUID, *, now: datetime) -> list[StageName]:
    """Mark everything stale that stands on the original; return the stages."""
    first = next(step.stage for step in stages_in_order(session))
    repository.mark_stage_stale(session, document_id, first, now=now)
    stale = [first, *_mark_stale(session, document_id, first, now)]
    _sum_up(session, document_id, now)
    return stale


def _mark_stale(session: Session, document_id: uuid.UUID, stage: StageName, now: datetime) -> list[StageName]:
    found = rows(session, sql("documents/mark_stale"), document_id=document_id, stage=stage, now=now)
    return [StageName(row["stage_name"]) for row in found]


def _sum_up(session: Session, document_id: uuid.UUID, now: datetime) -> None:
    session.execute(sql("documents/sum_up_workflow"), {"document_id": document_id, "now": now})


def as_json(values: object) -> str:
    """Values as the rows keep them."""
    return json.dumps(values, ensure_ascii=False, default=str)

"""Runs the stages of a document, one after the other, as the rows allow.

Claim, work, commit: a stage is claimed in one short transaction, does its work with none open, writes its file under a
temporary name and renames it, and is ended in one transaction that its fencing token guards. Whatever is killed, and
wherever, leaves a whole output or none, and the next worker goes on there.
"""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from hydrateall.core.database import connection_lost, rows, sql
from hydrateall.core.errors import HydrateAllError, Unavailable
from hydrateall.core.runtime import Runtime
from hydrateall.documents import repository, workflow
from hydrateall.documents.enums import StageName
from hydrateall.documents.errors import LeaseGone, UnknownDocument
from hydrateall.documents.models import Document
from hydrateall.documents.schemas import SourceDocument
from hydrateall.documents.stages import STAGES, Result, Task, input_digest
from hydrateall.documents.storage import Storage, checked, packed, unpacked
from hydrateall.documents.workflow import Claim, OutputFile
from hydrateall.llm.service import CallDenied, budget_scopes_of

logger = structlog.get_logger(__name__)
OUTAGE = timedelta(minutes=5)  # after which a document is tried again that the storage kept from going on
DIGEST_SHOWN = 16  # signs of a digest in a path


@dataclass(frozen=True)
class Ended:
    """How a document's processing ended: the stages that ran, those that had nothing to do, and what failed."""

    document_id: uuid.UUID
    ran: list[StageName] = field(default_factory=list)
    unchanged: list[StageName] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    pauses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Input:
    """What a claimed stage is made from, as the rows say."""

    source: SourceDocument
    original_path: str
    files: dict[StageName, Any]
    digest: str
    made_from: str | None  # the digest of the current output
    force: bool


class Runner:
    """Processes documents in one process. `owner` names the task instance: a later try takes over its claims."""

    def __init__(self, runtime: Runtime, storage: Storage, *, owner: str) -> None:
        self._runtime = runtime
        self._storage = storage
        self._owner = owner
        self._stack = ExitStack()

    def __enter__(self) -> Runner:
        from hydrateall.documents.conversion import Sandbox

        self._sandbox = self._stack.enter_context(Sandbox())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def process(self, document_id: uuid.UUID, *, wanted: Collection[StageName] | None = None) -> Ended:
        """Run every available stage, of those wanted or all, until none is. What others hold is left to them."""
        ended = Ended(document_id)
        while claim := self._claim(document_id, wanted):
            if claim.lost > self._runtime.settings.max_lost_leases:
                self._give_up(claim, ended)
                continue
            try:
                self._run(claim, ended)
            except LeaseGone as gone:
                logger.warning("lease_gone", document=str(document_id), stage=claim.stage, reason=gone.message)
                return ended
            except CallDenied as denied:
                self._pause(claim, str(denied), until=getattr(denied, "until", None))
                ended.pauses.append(str(denied))
        return ended

    def _give_up(self, claim: Claim, ended: Ended) -> None:
        """Fail a stage at which worker after worker vanished: it may be what kills them."""
        reason = f"{claim.lost} workers vanished at this stage, so it is not tried again by itself."
        self._end(lambda session: self._fail(session, claim, reason, again=False))
        ended.failures.append(f"{claim.stage}: {reason}")

    def _claim(self, document_id: uuid.UUID, wanted: Collection[StageName] | None) -> Claim | None:
        now = self._runtime.now()
        with self._runtime.database.transaction() as session:
            return workflow.claim_next(
                session, document_id, owner=self._owner, now=now, until=now + self._lease(), wanted=wanted
            )

    def _run(self, claim: Claim, ended: Ended) -> None:
        """Run one claimed stage and end it, whatever happens but a lost database or a killed process."""
        with self._runtime.database.transaction() as session:
            given = self._input(session, claim)
        if given.digest == given.made_from and not given.force and self._is_whole(claim):
            self._end(lambda session: workflow.complete_unchanged(session, claim, now=self._runtime.now()))
            ended.unchanged.append(claim.stage)
            return
        try:
            with self._heartbeat(claim):
                made = self._work(claim, given)
                output = self._write(claim, given, made)
            self._end(lambda session: self._complete(session, claim, given, made, output))
        except (CallDenied, LeaseGone):
            raise
        except Exception as error:
            if connection_lost(error):
                raise
            self._failed(claim, error, ended)
        else:
            ended.ran.append(claim.stage)

    def _input(self, session: Session, claim: Claim) -> Input:
        document = repository.get(session, claim.document_id)
        if document is None:
            raise UnknownDocument(claim.document_id)
        found = rows(session, sql("documents/stage_inputs"), document_id=claim.document_id, stage=claim.stage)
        files = {StageName(row["stage_name"]): row for row in found}
        source = source_of(document)
        checksums = {name: row["checksum"] for name, row in files.items()}
        current = repository.current_output(session, claim.document_id, claim.stage)
        flow = repository.workflow_of(session, claim.document_id)
        return Input(
            source,
            document.original_path,
            files,
            input_digest(claim.stage, self._runtime.settings, source, checksums),
            current.input_digest if current else None,
            claim.stage in (flow.configuration.get("force", []) if flow else []),
        )

    def _is_whole(self, claim: Claim) -> bool:
        with self._runtime.database.transaction() as session:
            current = repository.current_output(session, claim.document_id, claim.stage)
        return current is not None and self._storage.has(current.file_path, size=current.stored_size)

    def _work(self, claim: Claim, given: Input) -> tuple[Task, Result]:
        inputs = {name: self._read(row) for name, row in given.files.items()}
        with self._storage.local_copy(given.original_path) as original:
            if not inputs:
                checked(original.read_bytes(), given.source.checksum, given.original_path)
            task = Task(self._runtime, self._sandbox, given.source, original, inputs, lambda: self._caps(given.source))
            return task, STAGES[claim.stage].run(task)

    def _read(self, row: Any) -> bytes:
        key = row["file_path"]
        return unpacked(self._storage.read(key), row["encoding"], checksum=row["checksum"], key=key)

    def _caps(self, source: SourceDocument) -> dict[str, Any]:
        settings = self._runtime.settings
        return budget_scopes_of(
            settings, scope=f"document:{source.id}", cap=settings.document_max_cost_usd, now=self._runtime.now()
        )

    def _write(self, claim: Claim, given: Input, made: tuple[Task, Result]) -> OutputFile:
        """Write the output under the name of what it is made from; the same again writes the same."""
        output = made[1].output
        stored, encoding = packed(output.content, above=self._runtime.settings.document_compress_above_bytes)
        key = output_key(given.source, claim.stage, given.digest, gzip=encoding == "gzip")
        self._storage.write(key, stored)
        return OutputFile(
            file_type=output.file_type,
            input_digest=given.digest,
            file_path=key,
            file_size=len(output.content),
            stored_size=len(stored),
            mime_type=output.mime_type,
            encoding=encoding,
            checksum=hashlib.sha256(output.content).hexdigest(),
            metadata=workflow.as_json(dict(output.metadata)),
        )

    def _complete(
        self, session: Session, claim: Claim, given: Input, made: tuple[Task, Result], output: OutputFile
    ) -> None:
        task, result = made
        stale = workflow.complete(session, claim, output, now=self._runtime.now())
        repository.learn(session, given.source, result.about)
        if store := STAGES[claim.stage].store:
            store(session, task, result)
        logger.info("stage_completed", document=str(claim.document_id), stage=claim.stage, stale=stale)

    def _failed(self, claim: Claim, error: Exception, ended: Ended) -> None:
        """Note a failure; another try may help if the error says so and tries are left."""
        reason = str(error) if isinstance(error, HydrateAllError) else f"{type(error).__name__}: {error}"
        retryable = getattr(error, "retryable", not isinstance(error, HydrateAllError))
        if not isinstance(error, HydrateAllError):
            logger.exception("stage_crashed", document=str(claim.document_id), stage=claim.stage)
        again = retryable and claim.lost + 1 < self._runtime.settings.document_retries
        if isinstance(error, Unavailable) and retryable and not again:
            self._pause(claim, reason, until=self._runtime.now() + OUTAGE)
            ended.pauses.append(reason)
            return
        self._end(lambda session: self._fail(session, claim, reason, again=again))
        logger.warning("stage_failed", document=str(claim.document_id), stage=claim.stage, reason=reason, again=again)
        if not again:
            ended.failures.append(f"{claim.stage}: {reason}")

    def _fail(self, session: Session, claim: Claim, reason: str, *, again: bool) -> None:
        workflow.fail(session, claim, reason, again=again, now=self._runtime.now())

    def _pause(self, claim: Claim, reason: str, *, until: datetime | None) -> None:
        """Something outside is away: give the stage back, and pause the document for as long as that lasts."""
        with self._runtime.database.transaction() as session:
            workflow.give_back(session, claim, now=self._runtime.now())
            repository.pause(session, claim.document_id, reason=reason, now=self._runtime.now(), until=until)

    def _end(self, end: Callable[[Session], None]) -> None:
        with self._runtime.database.transaction() as session:
            end(session)

    def _lease(self) -> timedelta:
        return timedelta(seconds=self._runtime.settings.lease_seconds)

    @contextmanager
    def _heartbeat(self, claim: Claim) -> Iterator[None]:
        """Extend the lease from a thread as long as the block runs."""
        done = threading.Event()

        def beat() -> None:
            while not done.wait(self._runtime.settings.heartbeat_seconds):
                try:
                    with self._runtime.database.transaction() as session:
                        workflow.extend(session, claim, until=self._runtime.now() + self._lease())
                except Exception as error:  # noqa: BLE001 — the end of the stage finds out whether the claim holds
                    logger.warning("heartbeat_missed", reason=str(error).splitlines()[0])

        thread = threading.Thread(target=beat, name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def source_of(document: Document) -> SourceDocument:
    """A document as its stages see it."""
    return SourceDocument(
        id=document.id,
        title=document.title,
        realm=document.realm,
        source_name=document.source_name,
        mime_type=document.mime_type,
        language=document.language.value,
        checksum=document.checksum,
        licence=document.licence,
    )


def output_key(source: SourceDocument, stage: StageName, digest: str, *, gzip: bool) -> str:
    """Where an output is kept: under its document and stage, in a folder named by what it was made from."""
    stem = source.source_name.rsplit(".", 1)[0]
    name = f"{stem}{STAGES[stage].extension}{'.gz' if gzip else ''}"
    return f"documents/{source.id}/stages/{stage.value}/{digest[:DIGEST_SHOWN]}/{name}"

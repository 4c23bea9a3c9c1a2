"""What people decide: approve, reject, edit. One person at a time, for good, with an audit line each."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core import audit
from hydrateall.core.errors import Conflict
from hydrateall.curriculum.enums import ContentType, ValidationStatus
from hydrateall.curriculum.schemas import NoteDraft, QuestionDraft
from hydrateall.curriculum.service import ItemView, add_version, decide, item_view
from hydrateall.review import repository
from hydrateall.review.enums import RejectionReason, ReviewStatus
from hydrateall.review.errors import AlreadyDecided, EditRefused, NoteNeeded, NothingChanged, Superseded
from hydrateall.review.queue import find
from hydrateall.review.schemas import Decision, QueueFilter, Reviewer
from hydrateall.validation.schemas import Context, Judgement
from hydrateall.validation.service import Rulebook, judge_note, judge_question, load_rulebook

Draft = NoteDraft | QuestionDraft
Named = str | uuid.UUID
ENTITY = {ContentType.NOTE: "topic_note", ContentType.QUESTION: "topic_question"}
WORDS = {ValidationStatus.VALIDATED.value: "approved", ValidationStatus.REJECTED.value: "rejected"}


def approve(session: Session, given: Named, *, by: Reviewer, now: datetime, note: str | None = None) -> Decision:
    """Approve an item as it is, on the queue or not. Raise AlreadyDecided or Superseded if somebody was faster."""
    user_id = by.user_id(session)
    return approve_item(session, find(session, given)[1], user_id, now, note)


def approve_all(
    session: Session, named: Sequence[Named], *, by: Reviewer, now: datetime, note: str | None = None
) -> list[Decision]:
    """Approve several items in one transaction: all, or none if one of them cannot be."""
    user_id = by.user_id(session)
    items = {item.id: item for item in (find(session, given)[1] for given in named)}
    return [approve_item(session, items[item_id], user_id, now, note) for item_id in sorted(items)]


def approve_above(
    session: Session, filters: QueueFilter, score: float, *, by: Reviewer, now: datetime, note: str | None = None
) -> list[Decision]:
    """Approve every open entry that meets the filters and has at least this score.

    What somebody else decides at the same moment is left to them.
    """
    user_id = by.user_id(session)
    decisions = []
    for item_id in repository.open_items(session, replace(filters, least=score)):
        with suppress(AlreadyDecided, Superseded):
            decisions.append(approve_item(session, item_view(session, item_id), user_id, now, note))
    return decisions


def approve_item(
    session: Session, item: ItemView, user_id: uuid.UUID, now: datetime, note: str | None = None
) -> Decision:
    """Approve an item that was read before; the caller has checked who decides."""
    lock(session, item)
    _decide(session, item, ValidationStatus.VALIDATED, user_id, now)
    _close(session, item, ReviewStatus.APPROVED, user_id, now, note=note)
    _record(session, "review.approve", item, user_id, note)
    return Decision(item_id=item.id, place=item.place, decision=ReviewStatus.APPROVED, version=item.version)


def reject(
    session: Session,
    given: Named,
    *,
    reason: RejectionReason,
    by: Reviewer,
    now: datetime,
    note: str | None = None,
) -> Decision:
    """Reject an item, on the queue or not; the next hydration writes a new version of it.

    Raise NoteNeeded for OTHER without a note, AlreadyDecided or Superseded if somebody was faster.
    """
    user_id = by.user_id(session)
    return reject_item(session, find(session, given)[1], user_id, now, reason=reason, note=note)


def reject_item(
    session: Session,
    item: ItemView,
    user_id: uuid.UUID,
    now: datetime,
    *,
    reason: RejectionReason,
    note: str | None = None,
) -> Decision:
    """Reject an item that was read before; the caller has checked who decides."""
    if reason is RejectionReason.OTHER and not (note or "").strip():
        raise NoteNeeded
    lock(session, item)
    _decide(session, item, ValidationStatus.REJECTED, user_id, now)
    _close(session, item, ReviewStatus.REJECTED, user_id, now, note=note, reason_code=reason.value)
    _record(session, "review.reject", item, user_id, note, reasonCode=reason.value)
    return Decision(
        item_id=item.id, place=item.place, decision=ReviewStatus.REJECTED, version=item.version, reason=reason
    )


def edit_then_approve(
    session: Session,
    given: Named,
    draft: Draft,
    *,
    by: Reviewer,
    now: datetime,
    note: str | None = None,
    revise: bool = False,
) -> Decision:
    """Store an edited item as a new, approved version; the earlier one keeps every byte.

    The gates judge it first: EditRefused names every error, doubts are the person's to settle. With `revise`, an item
    that somebody decided about gets a new version too; else AlreadyDecided.
    """
    user_id = by.user_id(session)
    item = find(session, given)[1]
    lock(session, item, decided_too=revise)
    if digest(draft) == digest(item.draft):
        raise NothingChanged(item.place)
    judgement = judged(item, draft, load_rulebook(session))
    if judgement.errors:
        raise EditRefused(item.place, judgement.errors)
    return edit_item(session, item, draft, judgement, user_id, now, note)


def edit_item(
    session: Session,
    item: ItemView,
    draft: Draft,
    judgement: Judgement,
    user_id: uuid.UUID,
    now: datetime,
    note: str | None = None,
) -> Decision:
    """Store an edit that the gates have judged; the caller holds the lock, or takes the conflict."""
    new_id = add_version(session, item, draft, by=user_id, now=now, score=judgement.score, report=judgement.report())
    if new_id is None:
        raise _faster(session, item)
    _close(session, item, ReviewStatus.EDITED, user_id, now, note=note, new_item_id=new_id)
    _record(session, "review.edit", item, user_id, note, after=draft, newItemId=str(new_id))
    return Decision(
        item_id=item.id,
        place=item.place,
        decision=ReviewStatus.EDITED,
        version=item.version + 1,
        new_item_id=new_id,
        score=judgement.score,
    )


def judged(item: ItemView, draft: Draft, rules: Rulebook) -> Judgement:
    """What the gates say about a new content of the item. Its difficulty is its place, and stays."""
    context = Context(item.language.value, item.grade, item.subject_code, tuple(item.objectives))
    if isinstance(draft, NoteDraft):
        return judge_note(draft, rules=rules, context=context)
    return judge_question(draft, rules=rules, context=context, difficulty=item.difficulty)


def digest(draft: Draft) -> str:
    """SHA-256 of an item's content: equal for equal content."""
    return hashlib.sha256(draft.model_dump_json(by_alias=True).encode()).hexdigest()


def conflict(state: Any, place: str, *, decided_too: bool = False) -> Conflict | None:
    """What stands against a decision about an item in this state (a row of decision_state), if anything."""
    if state["newest_version"] > state["version"]:
        newest = (state["newest_version"], state["newest_by"], state["newest_at"], str(state["newest_id"]))
        return Superseded(place, state["version"], *newest)
    if state["decided_at"] and not decided_too:
        said = WORDS.get(state["status"], state["status"])
        return AlreadyDecided(place, said, state["decided_by"] or "somebody", state["decided_at"], str(state["id"]))
    return None


def lock(session: Session, item: ItemView, *, decided_too: bool = False) -> None:
    """Lock the item against other people; raise the conflict if one of them was faster."""
    repository.lock_item(session, item.id)
    state = repository.decision_states(session, [item.id])[item.id]
    if found := conflict(state, item.place, decided_too=decided_too):
        raise found


def _faster(session: Session, item: ItemView) -> Conflict:
    state = repository.decision_states(session, [item.id])[item.id]
    return conflict(state, item.place) or Conflict(f"{item.place} was changed at this moment.", "Look at it again.")


def _decide(session: Session, item: ItemView, status: ValidationStatus, user_id: uuid.UUID, now: datetime) -> None:
    if not decide(session, item, status=status, by=user_id, now=now):
        raise _faster(session, item)


def _close(
    session: Session, item: ItemView, status: ReviewStatus, user_id: uuid.UUID, now: datetime, **values: Any
) -> None:
    """Write the decision into the item's entry. An item that nobody queued gets one, so that every decision has one."""
    decision = {"status": status.value, "decided_by": user_id, "decided_at": now, **values}
    decision["note"] = _storable(values.get("note"))
    if repository.close_entry(session, item.id, **decision):
        return
    repository.add_entry(
        session,
        content_type=item.content_type,
        item_id=item.id,
        subject_id=item.subject_id,
        chapter_id=item.chapter_id,
        topic_id=item.topic_id,
        reasons=[],
        quality_score=item.quality_score,
        **decision,
    )


def _storable(note: str | None) -> str | None:
    """A note without NUL, which PostgreSQL stores in no text."""
    return note.replace("\x00", "") if note else None


def _record(
    session: Session,
    action: str,
    item: ItemView,
    user_id: uuid.UUID,
    note: str | None,
    *,
    after: Draft | None = None,
    **details: str,
) -> None:
    audit.record(
        session,
        action=action,
        entity_type=ENTITY[item.content_type],
        entity_id=item.id,
        actor_id=user_id,
        rationale=_storable(note),
        details={
            "place": item.place,
            "version": item.version,
            "before": digest(item.draft),
            "after": digest(after or item.draft),
            **details,
        },
    )

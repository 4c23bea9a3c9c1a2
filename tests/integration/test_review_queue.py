"""The review queue: what comes onto it, in which order it is read, and what an entry tells."""

from __future__ import annotations

import pytest
from review_factories import MIRA, NOW, bank, doubt, items, questions, with_text

from factories import count
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import ContentType, ValidationStatus
from hydrateall.curriculum.service import ItemView, set_verdict
from hydrateall.review import service
from hydrateall.review.enums import RejectionReason, ReviewStatus
from hydrateall.review.errors import AmbiguousEntry, BadCursor, UnknownEntry
from hydrateall.review.models import ContentReview
from hydrateall.review.schemas import QueueEntry, QueueFilter


def queue(runtime: Runtime, most: int = 20, **chosen: object) -> list[QueueEntry]:
    with runtime.database.transaction() as session:
        return service.queue(session, QueueFilter(**chosen), most=most).entries  # type: ignore[arg-type]


@pytest.fixture
def found(runtime: Runtime) -> list[ItemView]:
    return bank(runtime)


class TestEnqueue:
    def test_adds_one_entry_an_item_with_the_reasons_of_now(self, runtime: Runtime, found: list[ItemView]) -> None:
        first = doubt(runtime, found[0], "NOTE_LENGTH", "NOT_NFC", score=0.7)
        again = doubt(runtime, found[0], "NOTE_LENGTH", "READING_LEVEL", score=0.6)

        [entry] = queue(runtime)
        assert (first, again) == (1, 0)
        assert entry.reasons == ["NOTE_LENGTH", "READING_LEVEL"]
        assert entry.quality_score == 0.6

    def test_leaves_alone_what_a_person_decided(self, runtime: Runtime, found: list[ItemView]) -> None:
        with runtime.database.transaction() as session:
            service.approve(session, found[0].id, by=MIRA, now=NOW)

        added = doubt(runtime, found[0])

        assert (added, queue(runtime)) == (0, [])

    def test_leaves_alone_what_was_replaced(self, runtime: Runtime, found: list[ItemView]) -> None:
        old = questions(found)[0]
        with runtime.database.transaction() as session:
            service.edit_then_approve(session, old.id, with_text(old, "What is one and three?"), by=MIRA, now=NOW)

        added = doubt(runtime, old)

        assert (added, queue(runtime)) == (0, [])

    def test_opens_a_new_entry_after_the_last_one_was_withdrawn(self, runtime: Runtime, found: list[ItemView]) -> None:
        doubt(runtime, found[0], "NOTE_LENGTH")
        with runtime.database.transaction() as session:
            withdrawn = service.withdraw(session, [found[0].id, found[1].id])
        assert (withdrawn, queue(runtime)) == (1, [])

        doubt(runtime, found[0], "READING_LEVEL")

        assert [entry.reasons for entry in queue(runtime)] == [["READING_LEVEL"]]
        assert count(runtime, ContentReview, ContentReview.status == ReviewStatus.WITHDRAWN) == 1

    def test_takes_nothing_for_nothing(self, runtime: Runtime) -> None:
        with runtime.database.transaction() as session:
            assert (service.enqueue(session, []), service.withdraw(session, [])) == (0, 0)


class TestQueue:
    def test_shows_the_lowest_score_first_and_then_the_oldest(self, runtime: Runtime, found: list[ItemView]) -> None:
        for item, score in zip(found, (0.9, 0.2, 0.9, None), strict=False):
            doubt(runtime, item, score=score)

        shown = [entry.item_id for entry in queue(runtime)]

        assert shown == [found[3].id, found[1].id, found[0].id, found[2].id]

    def test_is_read_page_by_page_without_a_gap(self, runtime: Runtime, found: list[ItemView]) -> None:
        for number, item in enumerate(found[:7]):
            doubt(runtime, item, score=(0.1, 1 / 3, 0.7)[number % 3])
        seen, cursor, pages = [], None, 0
        while True:
            with runtime.database.transaction() as session:
                page = service.queue(session, cursor=cursor, most=2)
            seen += [entry.id for entry in page.entries]
            pages, cursor = pages + 1, page.next_cursor
            if cursor is None:
                break

        assert seen == [entry.id for entry in queue(runtime)]
        assert (len(set(seen)), pages, page.total) == (7, 4, 7)

    def test_refuses_a_cursor_that_no_page_gave(self, runtime: Runtime) -> None:
        with runtime.database.transaction() as session, pytest.raises(BadCursor):
            service.queue(session, cursor="page 2")

    def test_is_filtered_by_place_reason_type_and_score(self, runtime: Runtime, found: list[ItemView]) -> None:
        for item in found:
            doubt(runtime, item, "KEY_LONGEST" if item.difficulty else "NOTE_LENGTH", score=0.5)
        doubt(runtime, found[0], "READING_LEVEL", score=0.9)

        assert len(queue(runtime, board="cbse", grade="8", subject="science", language="en")) == 16
        assert queue(runtime, grade="9") == []
        assert {entry.chapter_number for entry in queue(runtime, chapter=2)} == {2}
        assert len(queue(runtime, content_type=ContentType.NOTE)) == 4
        assert len(queue(runtime, reason="key_longest")) == 12
        assert [entry.item_id for entry in queue(runtime, least=0.8)] == [found[0].id]
        assert len(queue(runtime, below=0.9)) == 15

    def test_counts_the_entries_of_each_reason(self, runtime: Runtime, found: list[ItemView]) -> None:
        doubt(runtime, found[0], "NOTE_LENGTH", "READING_LEVEL")
        doubt(runtime, found[1], "NOTE_LENGTH")

        with runtime.database.transaction() as session:
            counts = service.reason_counts(session)

        assert [(each.reason, each.entries) for each in counts] == [("NOTE_LENGTH", 2), ("READING_LEVEL", 1)]


class TestEntry:
    def test_is_found_by_its_id_by_a_part_of_it_and_by_its_item(self, runtime: Runtime, found: list[ItemView]) -> None:
        doubt(runtime, found[0])
        [entry] = queue(runtime)

        with runtime.database.transaction() as session:
            pages = [
                service.entry(session, given)
                for given in (entry.id, str(entry.id), entry.short_id, str(entry.id)[:20], str(found[0].id).upper())
            ]

        assert {page.item.id for page in pages} == {found[0].id}
        assert {page.entry.id for page in pages if page.entry} == {entry.id}
        assert service.is_open(pages[0])

    def test_of_an_item_that_was_never_doubted_has_no_entry(self, runtime: Runtime, found: list[ItemView]) -> None:
        with runtime.database.transaction() as session:
            page = service.entry(session, found[0].id)

        assert (page.entry, page.reviews, page.current) == (None, [], True)

    @pytest.mark.parametrize("given", ["", "abc", "zzzzzzzzzzzz", "'; DROP--", "%%%%%%%%", "ffffffff-ffff"])
    def test_is_not_found_by_anything_else(self, runtime: Runtime, found: list[ItemView], given: str) -> None:
        doubt(runtime, found[0])

        with runtime.database.transaction() as session, pytest.raises(UnknownEntry):
            service.entry(session, given)

    def test_is_asked_for_more_of_an_id_that_several_have(self, runtime: Runtime, found: list[ItemView]) -> None:
        for item in found[:2]:
            doubt(runtime, item)
        shared = str(queue(runtime)[0].id)[:8]

        with runtime.database.transaction() as session, pytest.raises(AmbiguousEntry) as refused:
            service.entry(session, shared)

        assert all(str(entry.id) in refused.value.remedy for entry in queue(runtime))

    def test_tells_the_findings_in_words_the_gravest_first(self, runtime: Runtime, found: list[ItemView]) -> None:
        advice = {"code": "STYLE", "field": "text", "severity": "advice", "message": "is long.", "rule": "r"}
        grave = {**advice, "code": "KEY_LONGEST", "severity": "review", "message": "the key is the longest."}
        with runtime.database.transaction() as session:
            report = {"rulebook": "0", "score": 0.4, "findings": [advice, grave]}
            set_verdict(session, found[0], status=ValidationStatus.PENDING, score=0.4, report=report)

        with runtime.database.transaction() as session:
            said = service.entry(session, found[0].id).findings

        assert [each.message for each in said] == ["the key is the longest.", "is long."]

    def test_tells_every_version_decision_and_audit_line(self, runtime: Runtime, found: list[ItemView]) -> None:
        old = questions(found)[0]
        doubt(runtime, old)
        with runtime.database.transaction() as session:
            draft = with_text(old, "What is one and three?")
            done = service.edit_then_approve(session, old.id, draft, by=MIRA, now=NOW, note="clearer")

        with runtime.database.transaction() as session:
            page = service.entry(session, old.id)

        assert not page.current
        assert [(each.version, each.written_by, each.decided_by) for each in page.versions] == [
            (1, "the model", None),
            (2, "mira", "mira"),
        ]
        assert [(each.status, each.note) for each in page.reviews] == [(ReviewStatus.EDITED, "clearer")]
        assert [(each.action, each.actor, each.rationale) for each in page.audit] == [
            ("review.edit", "mira", "clearer")
        ]
        assert page.audit[0].details["newItemId"] == str(done.new_item_id)

    def test_of_a_rejected_item_keeps_its_reason(self, runtime: Runtime, found: list[ItemView]) -> None:
        with runtime.database.transaction() as session:
            service.reject(session, found[0].id, reason=RejectionReason.OFF_TOPIC, by=MIRA, now=NOW, note="of grade 9")

        with runtime.database.transaction() as session:
            page = service.entry(session, found[0].id)

        assert page.entry is not None
        assert (page.entry.reason_code, page.entry.note) == ("OFF_TOPIC", "of grade 9")
        assert next(item for item in items(runtime) if item.id == found[0].id).status is ValidationStatus.REJECTED

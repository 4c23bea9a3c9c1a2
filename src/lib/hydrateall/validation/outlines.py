"""Chapters and topics: their numbers, their titles, and what a topic builds on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hydrateall.curriculum.schemas import ChaptersDraft, TopicsDraft
from hydrateall.validation.choices import normalised
from hydrateall.validation.schemas import Finding


def check_chapters(draft: ChaptersDraft, *, numbers: Sequence[int], titles: Sequence[str] | None) -> list[Finding]:
    """Check the chapters' numbers, and their titles against the outline where there is one."""
    found = [chapter.chapter_number for chapter in draft.chapters]
    return _check_list("chapters", found, [chapter.title for chapter in draft.chapters], numbers, titles)


def check_topics(
    draft: TopicsDraft, *, numbers: Sequence[int], titles: Sequence[str] | None, existing: Sequence[str] = ()
) -> list[Finding]:
    """Check the topics' numbers, their titles against the outline where there is one, and what they build on.

    `existing` are the titles of the chapter's topics that are there already.
    """
    found = [topic.topic_number for topic in draft.topics]
    problems = _check_list("topics", found, [topic.title for topic in draft.topics], numbers, titles)
    return problems or list(_check_prerequisites(draft, existing))


def _check_list(
    field: str, found: list[int], titles: list[str], numbers: Sequence[int], official: Sequence[str] | None
) -> list[Finding]:
    if found != list(numbers):
        return [Finding("COUNT", field, f"must be numbered {list(numbers)}, not {found}.")]
    if len({normalised(title) for title in titles}) < len(titles):
        return [Finding("TITLE_DUPLICATE", field, "two titles are the same; all must differ.")]
    return [
        Finding("TITLE_CHANGED", "title", f"must be exactly {wanted!r}, as in the outline.", item)
        for item, (title, wanted) in enumerate(zip(titles, official or titles, strict=True), 1)
        if normalised(title) != normalised(wanted)
    ]


def _check_prerequisites(draft: TopicsDraft, existing: Sequence[str]) -> Iterator[Finding]:
    """Find prerequisites that no earlier topic of the chapter has. Where each comes earlier, there is no cycle."""
    known = {normalised(title) for title in existing}
    later = {normalised(topic.title) for topic in draft.topics}
    for item, topic in enumerate(draft.topics, 1):
        for wanted in topic.prerequisite_topics:
            title = normalised(wanted)
            if title in known:
                continue
            code, reason = (
                ("PREREQUISITE_ORDER", "is this topic or a later one")
                if title in later
                else ("PREREQUISITE_UNKNOWN", "is no topic of this chapter")
            )
            message = f"{wanted!r} {reason}; name titles of earlier topics of the chapter only."
            yield Finding(code, "prerequisiteTopics", message, item)
        known.add(normalised(topic.title))

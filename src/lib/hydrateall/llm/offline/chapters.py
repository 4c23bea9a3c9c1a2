"""Chapters of a subject: those of the outline elaborated, or readable units where there is no outline."""

from __future__ import annotations

from typing import Any

from hydrateall.llm.offline.assignment import Assignment
from hydrateall.llm.offline.phrases import choose
from hydrateall.llm.offline.units import UNITS

SHOWN_TOPICS = 5


def write_chapters(assignment: Assignment) -> dict[str, Any]:
    """The ChaptersDraft: same numbers and titles as the outline, or `chapterCount` proposals."""
    outline = assignment["outline"]
    if outline:
        return {"chapters": [_outlined(assignment, chapter) for chapter in outline]}
    return {"chapters": [_proposed(assignment, number) for number in range(1, assignment["chapterCount"] + 1)]}


def _outlined(assignment: Assignment, chapter: dict[str, Any]) -> dict[str, Any]:
    topics = chapter.get("topics") or []
    title, language = chapter["title"], assignment.language
    return _chapter(
        chapter["number"],
        title,
        _description(assignment, title, topics),
        chapter.get("weeks") or _weeks(topics),
        [choose(language, pair) for pair in _objectives(topics[:SHOWN_TOPICS], title)],
    )


def _chapter(number: int, title: str, description: str, weeks: int, objectives: list[str]) -> dict[str, Any]:
    return {
        "chapterNumber": number,
        "title": title,
        "briefDescription": description,
        "estimatedWeeks": min(12, max(1, weeks)),
        "learningObjectives": objectives,
    }


def _weeks(topics: list[str]) -> int:
    return 1 + len(topics) // 2


def _description(assignment: Assignment, title: str, topics: list[str]) -> str:
    subject, grade = assignment["subject"]["name"], assignment["grade"]
    if assignment.language == "hi":
        listed = _listed(topics, "और")
        about = (
            f"यह अध्याय “{title}” के बारे में है और इसमें ये विषय हैं: {listed}।" if topics else f"यह अध्याय “{title}” के बारे में है।"
        )
        return f"{about} यह कक्षा {grade} के {subject} विषय की आगे की पढ़ाई का आधार बनाता है।"
    about = (
        f"This chapter is about “{title}” and covers: {_listed(topics, 'and')}."
        if topics
        else f"This chapter is about “{title}”."
    )
    return f"{about} It lays ground on which the later work of {subject} in grade {grade} is built."


def _listed(topics: list[str], word: str) -> str:
    """The topics in a sentence; semicolons, because titles contain commas."""
    return f"{'; '.join(topics[:-1])}; {word} {topics[-1]}" if len(topics) > 1 else "".join(topics)


def _objectives(topics: list[str], title: str) -> list[tuple[str, str]]:
    """One objective a topic, with changing verbs; at least two."""
    frames = (
        ("Explain the main ideas of “{}”", "“{}” के मुख्य विचारों को समझाना"),
        ("Describe “{}” with an example", "उदाहरण देकर “{}” का वर्णन करना"),
        ("Use the ideas of “{}” to answer questions", "“{}” के विचारों का उपयोग करके प्रश्नों के उत्तर देना"),
        ("Give reasons for the main statements of “{}”", "“{}” के मुख्य कथनों के कारण बताना"),
        ("Apply “{}” to situations of everyday life", "“{}” को दैनिक जीवन की स्थितियों पर लागू करना"),
    )
    subjects = topics if len(topics) > 1 else [*topics, title, title][:2]
    return [
        (english.format(subject), hindi.format(subject))
        for (english, hindi), subject in zip(frames, subjects, strict=False)
    ]


def _proposed(assignment: Assignment, number: int) -> dict[str, Any]:
    language, subject = assignment.language, assignment["subject"]["name"]
    pair, about = UNITS[(number - 1) % len(UNITS)]
    again = (number - 1) // len(UNITS)
    title = f"{subject}: {choose(language, pair)}" + (f" ({again + 1})" if again else "")
    description = f"{_description(assignment, title, [])} {choose(language, about)}"
    objectives = [choose(language, item) for item in _objectives([], title)]
    return _chapter(number, title, description, 2, objectives)

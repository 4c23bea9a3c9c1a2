"""Topics of a chapter: titles from the outline or proposed, objectives from the library or built from the title."""

from __future__ import annotations

from typing import Any

from hydrateall.llm.offline.assignment import Assignment
from hydrateall.llm.offline.bank import Library
from hydrateall.llm.offline.lessons import Lesson
from hydrateall.llm.offline.phrases import choose

LESSON_MINUTES, COUNTING_LESSON_MINUTES = 40, 60

PROPOSALS: tuple[tuple[str, str], ...] = (
    ("Introducing {}", "{}: परिचय"),
    ("Key words of {}", "{}: मुख्य शब्द"),
    ("First examples of {}", "{}: आरंभिक उदाहरण"),
    ("The main statements of {}", "{}: मुख्य कथन"),
    ("Reasons behind {}", "{}: कारण और व्याख्या"),
    ("{} in everyday life", "{}: दैनिक जीवन में"),
    ("Comparing ideas in {}", "{}: विचारों की तुलना"),
    ("Working with {}", "{}: प्रयोग और उपयोग"),
    ("Diagrams and tables for {}", "{}: चित्र और सारणियाँ"),
    ("Solving problems on {}", "{}: प्रश्नों के हल"),
    ("Common mistakes in {}", "{}: सामान्य भूलें"),
    ("Causes and effects in {}", "{}: कारण और प्रभाव"),
    ("Observing {}", "{}: प्रेक्षण"),
    ("Classifying in {}", "{}: वर्गीकरण"),
    ("Links from {} to other chapters", "{}: अन्य अध्यायों से संबंध"),
    ("A case study on {}", "{}: प्रकरण अध्ययन"),
    ("Harder examples of {}", "{}: कठिन उदाहरण"),
    ("A project on {}", "{}: परियोजना"),
    ("Discussing {}", "{}: चर्चा"),
    ("Review of {}", "{}: पुनरावृत्ति"),
)
OBJECTIVES: tuple[tuple[str, str], ...] = (
    ("Explain the main ideas of “{}” in own words", "“{}” के मुख्य विचारों को अपने शब्दों में समझाना"),
    ("Apply the ideas of “{}” to a new example", "“{}” के विचारों को नए उदाहरण पर लागू करना"),
)


def write_topics(assignment: Assignment, library: Library) -> dict[str, Any]:
    """The TopicsDraft; each topic but the first requires the one before it."""
    titles = assignment["outline"] or _proposals(assignment)
    topics = [_topic(assignment, library, titles, place) for place in range(len(titles))]
    return {"topics": topics}


def _proposals(assignment: Assignment) -> list[str]:
    """`topicCount` distinct titles; beyond the worded ones they are numbered."""
    chapter, count = assignment["chapter"]["title"], assignment["topicCount"]
    frames = [choose(assignment.language, pair).format(chapter) for pair in PROPOSALS]
    extra = [f"{frames[number % len(frames)]} ({number // len(frames) + 1})" for number in range(len(frames), count)]
    return [*frames, *extra][:count]


def _topic(assignment: Assignment, library: Library, titles: list[str], place: int) -> dict[str, Any]:
    lesson = library.lesson(
        board=assignment["board"],
        subject=assignment["subject"]["code"],
        grade=str(assignment["grade"]),
        chapter=assignment["chapter"]["number"],
        topic=titles[place],
        language=assignment.language,
    )
    return {
        "topicNumber": place + 1,
        "title": titles[place],
        "learningObjectives": _objectives(lesson, titles[place], assignment.language),
        "prerequisiteTopics": [titles[place - 1]] if place else [],
        "difficultyLevel": _difficulty(place, len(titles)),
        "estimatedDurationMins": COUNTING_LESSON_MINUTES if lesson and lesson.numericals else LESSON_MINUTES,
    }


def _objectives(lesson: Lesson | None, title: str, language: str) -> list[str]:
    if lesson:
        return list(lesson.objectives)
    return [choose(language, pair).format(title) for pair in OBJECTIVES]


def _difficulty(place: int, count: int) -> str:
    """Easy at the start of a chapter, hard at the end of a long one, medium between."""
    if place == 0:
        return "easy"
    return "hard" if place == count - 1 and count >= 4 else "medium"

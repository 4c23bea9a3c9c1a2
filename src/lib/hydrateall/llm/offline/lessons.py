"""What the writer knows about one topic in one language, whatever it was read from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

KEY = re.compile(r"\[\[(.+?)\]\]")
GAP = "_____"
# a sentence that begins so points back to another one
POINTER = re.compile(
    r"(This|These|That|Those|It|Its|They|Their|Them|Such|He|She|His|Her|Here|"
    r"यह|ये|इस|इसका|इसकी|इसके|इसमें|इससे|इसे|इन|इनका|इनकी|इनके|इनमें|इनसे|ऐसा|ऐसी|ऐसे|वह|वे|"
    r"उस|उसका|उसकी|उसके|उसमें|उससे|उसे|उन|उनका|उनकी|उनके|उनमें|उनसे|दोनों|यहाँ)[\s,]"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A technical word and its meaning as a noun phrase."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A true sentence with one key; `wrong` in place of the key makes it false."""

    before: str
    key: str
    after: str
    wrong: str

    @property
    def true(self) -> str:
        return f"{self.before}{self.key}{self.after}"

    @property
    def false(self) -> str:
        return f"{self.before}{self.wrong}{self.after}"

    @property
    def bold(self) -> str:
        """The true sentence with its key in Markdown bold."""
        return f"{self.before}{self.key}{self.after}" if self.in_formula else f"{self.before}**{self.key}**{self.after}"

    @property
    def gap(self) -> str:
        return f"{self.before}{GAP}{self.after}"

    @property
    def in_formula(self) -> bool:
        """Whether the key stands inside a LaTeX formula, where neither a gap nor bold can be set."""
        return self.before.count("$") % 2 == 1


@dataclass(frozen=True, slots=True)
class Reason:
    """A true effect and the true sentence that explains it."""

    effect: str
    cause: str

    @property
    def stands_alone(self) -> bool:
        """Whether the cause can be read without its effect, that is, does not begin by pointing back to it."""
        return POINTER.match(self.cause) is None


@dataclass(frozen=True, slots=True)
class Application:
    """A real situation with questions and their full answers."""

    text: str
    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """The material of one topic. `about` names what its statements are about: the topic, or only its study.

    `neighbours` are the other topics of the chapter, for distractors.
    """

    title: str
    about: str
    summary: str
    objectives: tuple[str, ...]
    terms: tuple[Term, ...]
    facts: tuple[Fact, ...]
    reasons: tuple[Reason, ...]
    application: Application
    numericals: tuple[str, ...]
    written: bool
    neighbours: tuple[Lesson, ...] = field(default=(), compare=False, repr=False)


def fact(text: str, wrong: str) -> Fact:
    """Split "Water boils at [[100 °C]]." and its wrong key into a Fact."""
    before, key, after = KEY.split(text, maxsplit=1)
    return Fact(before, key.strip(), after, wrong.strip())

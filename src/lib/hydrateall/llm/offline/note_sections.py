"""The sections of a note, each a piece of Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from hydrateall.llm.offline.lessons import Lesson
from hydrateall.llm.offline.note_phrases import NOTE_PHRASES
from hydrateall.llm.offline.numericals import GENERATORS
from hydrateall.llm.offline.numericals.shape import Numerical
from hydrateall.llm.offline.phrases import choose

PRACTICE = 4
SORTED = 4
DRAWS_IN_VAIN = 30


@dataclass(frozen=True)
class Page:
    """One note being written. Sections may be asked for in any order; each call draws new problems."""

    lesson: Lesson
    language: str
    rng: Random
    chapter: str

    def say(self, name: str, /, **values: object) -> str:
        text = choose(self.language, NOTE_PHRASES[name])
        return text.format(**values) if values else text

    def heading(self, key: str) -> str:
        return f"## {self.say(key)}"

    def section(self, key: str, *blocks: str) -> str:
        return "\n\n".join([self.heading(key), *blocks])

    def idea(self) -> str:
        goals = "\n".join(f"- {objective}" for objective in self.lesson.objectives)
        return self.section("idea", self.lesson.summary, self.say("goals"), goals)

    def importance(self) -> str:
        reason = self.lesson.reasons[0]
        return self.section(
            "importance",
            self.say("place", title=self.lesson.title, chapter=self.chapter),
            self.say("for_instance", effect=reason.effect, cause=reason.cause),
        )

    def vocabulary(self) -> str:
        terms = "\n".join(f"- **{term.name}** – {term.meaning}" for term in self.lesson.terms)
        return self.section("vocabulary", self.say("vocabulary_lead"), terms)

    def statements(self) -> str:
        facts = "\n".join(f"- {fact.bold}" for fact in self.lesson.facts)
        return self.section("statements", self.say("statements_lead"), facts)

    def explanations(self) -> str:
        pairs = [self.say("explanation", effect=reason.effect, cause=reason.cause) for reason in self.lesson.reasons]
        return self.section("explanations", *pairs)

    def reasoned_example(self) -> str:
        situation = self.lesson.application
        answers = [self.say("reasoned", question=question, answer=answer) for question, answer in situation.questions]
        return "\n\n".join([self.say("situation"), situation.text, *answers])

    def solved(self, count: int) -> list[str]:
        """Up to `count` worked examples, or none for a topic without numericals."""
        return [self._worked(problem) for problem in self._problems(count)]

    def practice(self) -> list[str]:
        """One block of practice problems with their answers, or nothing."""
        problems = self._problems(PRACTICE)
        if not problems:
            return []
        listed = "\n".join(
            f"{place}. {problem.text} {self.say('answer', answer=problem.answer)}"
            for place, problem in enumerate(problems, start=1)
        )
        return [f"{self.say('practice')}\n\n{listed}"]

    def argued(self) -> str:
        """How an assertion and its reason are judged, on the last pair of the lesson."""
        reason = self.lesson.reasons[-1]
        return self.say("argued", effect=reason.effect, cause=reason.cause)

    def sorting(self) -> str:
        """Statements to sort into true and false, with the solution."""
        facts = [(fact, self.rng.random() < 0.5) for fact in self.rng.sample(self.lesson.facts, SORTED)]
        listed = "\n".join(
            f"{place}. {fact.true if truth else fact.false}" for place, (fact, truth) in enumerate(facts, start=1)
        )
        solution = "; ".join(
            f"{place} – {self.say('right') if truth else self.say('corrected', key=fact.key)}"
            for place, (fact, truth) in enumerate(facts, start=1)
        )
        return f"{self.say('sorting')}\n\n{listed}\n\n{self.say('answer', answer=solution)}"

    def mistakes(self, count: int) -> str:
        pairs = [self.say("mistake", false=fact.false, true=fact.true) for fact in self.lesson.facts[-count:]]
        return self.section("mistakes", "\n".join(f"- {pair}" for pair in pairs))

    def checks(self, count: int) -> str:
        """Gaps and a definition to test oneself, answers right below."""
        gaps = [fact for fact in self.lesson.facts if not fact.in_formula][: count - 1]
        questions = [(self.say("complete", gap=fact.gap), f"{fact.key}") for fact in gaps]
        term = self.lesson.terms[self.rng.randrange(len(self.lesson.terms))]
        questions.append((self.say("define", term=term.name), term.meaning))
        listed = [
            f"{place}. {question} {self.say('answer', answer=answer)}"
            for place, (question, answer) in enumerate(questions, start=1)
        ]
        return self.section("checks", self.say("checks_lead"), "\n".join(listed))

    def sources(self, sentences: list[str]) -> list[str]:
        """What the passages add that the writer was given, as a section; nothing without any."""
        return [self.section("sources", "\n".join(f"- {sentence}" for sentence in sentences))] if sentences else []

    def key_points(self) -> str:
        """Half of the facts and the reasons that were not told at the start, effect and cause together."""
        points = [fact.true for fact in self.lesson.facts[:3]]
        points += [self.say("because", effect=reason.effect, cause=reason.cause) for reason in self.lesson.reasons[1:]]
        return self.section("key_points", "\n".join(f"- {point}" for point in points))

    def _problems(self, count: int) -> list[Numerical]:
        found: dict[str, Numerical] = {}
        kinds = self.lesson.numericals
        for draw in range(DRAWS_IN_VAIN if kinds else 0):
            if len(found) == count:
                break
            problem = GENERATORS[kinds[draw % len(kinds)]](self.rng, self.language)
            found.setdefault(problem.text, problem)
        return list(found.values())

    def _worked(self, problem: Numerical) -> str:
        steps = "\n".join(f"{place}. {step}" for place, step in enumerate(problem.steps, start=1))
        return f"{self.say('problem', text=problem.text)}\n\n{steps}\n\n{self.say('result', answer=problem.answer)}"

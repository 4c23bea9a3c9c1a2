"""The errors of validation."""

from __future__ import annotations

from collections.abc import Sequence

from hydrateall.core.errors import NotFound, UsageError


class UnknownRule(NotFound):
    """No rule has this name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            f"There is no rule {name!r}." if known else f"There is no rule {name!r}: the table of rules is empty.",
            f"There are: {', '.join(known)}." if known else "Run `hydrateall db seed`; it adds the default rules.",
            field="name",
        )


class BadRule(UsageError):
    """A rule does not fit its gate. The message names each field at fault."""

    def __init__(self, name: str, problems: Sequence[tuple[str, str]]) -> None:
        said = "; ".join(f"{field}: {problem}" for field, problem in problems)
        super().__init__(
            f"The rule {name} was not changed. {said}.",
            f"`hydrateall validation rule {name}` shows its thresholds.",
            field=problems[0][0],
        )
        self.problems = tuple(problems)

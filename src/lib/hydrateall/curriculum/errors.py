"""What can be wrong with a curriculum that somebody names."""

from __future__ import annotations

from hydrateall.core.errors import NotFound


class UnknownCurriculum(NotFound):
    """The board, grade, subject or language is not in the catalogue."""

    def __init__(self, sentence: str, known: list[str], *, field: str) -> None:
        choices = ", ".join(known) or "nothing yet: run `hydrateall db seed`"
        super().__init__(sentence, f"There is: {choices}.", field=field)


class UnknownItem(NotFound):
    """No chapter, topic, note or question has this id."""

    def __init__(self, item: str) -> None:
        super().__init__(
            f"Nothing in the curriculum has the id {item}.", "`hydrateall curriculum tree --ids` lists ids."
        )

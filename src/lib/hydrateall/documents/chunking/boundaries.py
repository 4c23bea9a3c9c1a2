"""Where a text may be cut: between blocks, paragraphs, sentences, lines, words, letters, in this order."""

from __future__ import annotations

import re
from bisect import bisect_left

from hydrateall.documents.chunking.graphemes import cut_between_graphemes
from hydrateall.documents.chunking.outline import NO_CONTENT, Outline, is_blank
from hydrateall.documents.chunking.tokens import LEAST_WEIGHT, MOST_WEIGHT, weight_of

SENTENCE_END = re.compile(
    r"""[.!?…।॥\n](?:
        (?<=\n)(?=[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]|[ ]{0,3}\|)
      | (?<!\n)(?<![.!?…।॥].)
        (?<!\b[A-Za-z]\.)(?<!\b[DM]r\.)(?<!\bMrs\.)(?<!\b(?:Fig|Eqn|fig|eqn)\.)(?<!\b(?:No|vs|eq|Eq)\.)
        [.!?…।॥]*["'”’»)\]*_]*\s+(?=[^\sa-z])
    )""",
    re.VERBOSE,
)
"""A list entry and a row of a table end like a sentence; "Fig. 3", "Dr. Rao" and "C. V. Raman" do not."""
WORD_START = re.compile(r"\s+(?=\S)")
NEAR = 300
"""Characters, in which a sentence mostly ends."""
SMALL = 4
"""A cut that would leave less than this part of the room filled gives way to a finer cut."""


class Boundaries:
    """The places of one text. Places count characters; room is weight (see `tokens`)."""

    def __init__(self, text: str, outline: Outline) -> None:
        self.text, self.outline = text, outline
        self.is_ascii = text.isascii()

    def weight(self, start: int, end: int) -> int:
        if self.is_ascii:
            return LEAST_WEIGHT * (end - start)
        return weight_of(self.text[start:end])

    def weight_within(self, start: int, end: int, room: int) -> int:
        """The weight of a span, or any that is over the room: what is far too long need not be weighed."""
        least = LEAST_WEIGHT * (end - start)
        return least if self.is_ascii or least > room else weight_of(self.text[start:end])

    def reach(self, start: int, end: int, room: int) -> int:
        """A place up to which the text from `start` fits into the room; nearly the last one."""
        length = min(end - start, room // LEAST_WEIGHT)
        while length > 1 and (weight := self.weight(start, start + length)) > room:
            length = max(1, length * room // weight)
            spare = room - self.weight(start, start + length)
            length += max(0, spare // MOST_WEIGHT)
        return start + length

    def reach_back(self, start: int, end: int, room: int) -> int:
        """A place from which the text up to `end` fits into the room."""
        length = min(end - start, room // LEAST_WEIGHT)
        while length > 0 and (weight := self.weight(end - length, end)) > room:
            length = length * room // weight
        return end - length

    def cut(self, start: int, body: int, end: int, *, room: int, most: int) -> int:
        """Where the piece from `start` ends: behind `body`, so that no heading stands alone, and within the room. A
        block may take the room of the overlap too (`most`), if that keeps it whole."""
        stop = self.reach(start, end, room)
        low = self._content(max(start, body), stop) or self._content(start, stop) or start
        place = self._around_block(start, low, stop, most) or self._between(low, stop)
        if place < end <= place + stop - start and is_blank(self.text, place, end):
            place = self._last_word(low, place)
        return self._before_marker(place, start)

    def _content(self, start: int, stop: int) -> int | None:
        """Where text begins behind empty space, if it does before `stop`."""
        blank = NO_CONTENT.match(self.text, start, stop) if start < stop else None
        return blank.end() if blank and blank.end() < stop else None

    def _around_block(self, start: int, low: int, stop: int, most: int) -> int | None:
        """A cut before, behind or in the block that reaches over `stop`, if there is one."""
        block = self.outline.block_across(stop)
        if block is None:
            return None
        begin, behind = block[0], self._behind(block[1])
        if begin > low and (begin > _enough(low, stop) or self.weight_within(begin, behind, most) <= most):
            return begin
        if self.weight_within(start, behind, most) <= most:
            return behind
        line = self.text.rfind("\n", low + 1, stop) + 1
        return line if line > low else None

    def _behind(self, block_end: int) -> int:
        return block_end + 1 if self.text.startswith("\n", block_end) else block_end

    def _between(self, low: int, stop: int) -> int:
        """The last good cut in (low, stop], the coarser the better, but none that leaves most of the room empty."""
        enough, paragraph = _enough(low, stop), self._paragraph(low, stop)
        place = paragraph if paragraph > enough else self._sentence(enough, stop)
        place = place or (paragraph if paragraph > low else self._word(low, stop))
        block = self.outline.block_across(place)
        return self._behind(block[1]) if block and block[1] < stop else place

    def _paragraph(self, low: int, stop: int) -> int:
        """Behind the last empty line, or nothing."""
        for empty_line in ("\n\n", "\n\r\n"):
            if (place := self.text.rfind(empty_line, low, stop)) >= 0:
                return place + len(empty_line)
        return 0

    def _sentence(self, low: int, stop: int) -> int:
        """Behind the last end of a sentence, or nothing. Looks at the end of the room first, where most are found."""
        late = max(low, stop - NEAR)
        for begin, end in ((late, stop), (low, late)):
            place = 0
            for found in SENTENCE_END.finditer(self.text, begin, end):
                place = found.end()
            if place:
                return place
        return 0

    def _word(self, low: int, stop: int) -> int:
        """Before the word that `stop` stands in, or within it if it is all there is."""
        if self.text[stop - 1].isspace():
            return stop
        words = self.text[low:stop].rsplit(None, 1)
        if len(words) == 2 and stop - len(words[-1]) > _enough(low, stop):
            return stop - len(words[-1])
        return stop if self.text[stop : stop + 1].isspace() else cut_between_graphemes(self.text, low=low, high=stop)

    def _last_word(self, low: int, place: int) -> int:
        """Before the last word or letter, so that what follows is not empty space alone."""
        words = self.text[low:place].rstrip()
        last = low + len(words)
        if len(parts := words.rsplit(None, 1)) == 2:
            return last - len(parts[-1])
        return cut_between_graphemes(self.text, low=low, high=last - 1) if last - 1 > low else place

    def _before_marker(self, place: int, start: int) -> int:
        """A page begins with its marker, so the marker goes with what follows; none is cut."""
        starts, ends = self.outline.marker_starts, self.outline.marker_ends
        index = bisect_left(starts, place) - 1
        if index >= 0 and start < starts[index] and place < ends[index]:
            place, index = starts[index], index - 1
        before = place
        while index >= 0 and starts[index] > start and is_blank(self.text, ends[index], before):
            before = starts[index]
            index -= 1
        return place if before < place and is_blank(self.text, start, before) else before

    def overlap(self, start: int, begin: int, room: int) -> int:
        """Where the repeated text before `begin` starts: at a sentence, else at a word, not before `start`."""
        low = self.reach_back(start, begin, room)
        if low == start and not self.text[low].isspace():
            return self._behind_marker(low, begin)
        for pattern in (SENTENCE_END, WORD_START):
            found = pattern.search(self.text, max(start, low - 1), begin)
            if found and found.end() < begin:
                return self._behind_marker(found.end(), begin)
        return begin

    def _behind_marker(self, place: int, begin: int) -> int:
        """No overlap begins within the line of a marker, which would leave half of it in what is searched."""
        index = bisect_left(self.outline.marker_starts, place) - 1
        if index < 0 or self.outline.marker_ends[index] <= place:
            return place
        following = WORD_START.match(self.text, self.outline.marker_ends[index], begin)
        return following.end() if following and following.end() < begin else begin


def _enough(low: int, stop: int) -> int:
    return low + (stop - low) // SMALL

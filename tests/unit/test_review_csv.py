"""CSV cells: a round trip without an edit changes nothing, and a spreadsheet program finds no formula in them."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import choice_question, match_question, question
from hydrateall.curriculum.enums import ContentType, DifficultyLevel, LanguageCode, ValidationStatus
from hydrateall.curriculum.schemas import NoteDraft, OptionDraft, QuestionDraft
from hydrateall.curriculum.service import ItemView
from hydrateall.review.csv_columns import COLUMNS, EDITABLE, CellsUnfit, cells_of, changes, column_of, edited
from hydrateall.review.csv_files import CsvUnreadable, guard, read_rows, unguard, write_rows

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60)
TRICKY = st.sampled_from(["=1+1", "'=1+1", "''", "1/2", "TRUE", "+91", "-5", "5 March", "0.10", "₹ 50", "1e5", "007"])
CELLS = st.one_of(TEXTS, TRICKY, st.builds(str.__add__, st.sampled_from([*DANGEROUS, "'", "''="]), TEXTS))


def item(draft: NoteDraft | QuestionDraft) -> ItemView:
    kind = ContentType.NOTE if isinstance(draft, NoteDraft) else ContentType.QUESTION
    values: dict[str, Any] = dict.fromkeys(ItemView.model_fields)
    values |= {name: uuid.uuid4() for name in ("id", "subject_id", "chapter_id", "topic_id")}
    values |= {"content_type": kind, "draft": draft, "status": ValidationStatus.PENDING, "version": 1, "position": 1}
    values |= {"board_code": "CBSE", "grade": "8", "subject_code": "SCIENCE", "subject_name": "Science"}
    values |= {"language": LanguageCode.EN, "chapter_number": 2, "chapter_title": "=Cells", "topic_number": 10}
    values |= {"topic_title": "T", "objectives": [], "created_at": datetime(2026, 1, 5, tzinfo=UTC), "provenance": {}}
    values |= {"difficulty": getattr(draft, "difficulty_level", None), "is_ai_generated": True}
    return ItemView(**values)


def written(rows: list[dict[str, str]]) -> bytes:
    out = io.BytesIO()
    write_rows(out, COLUMNS, [list(row.values()) for row in rows])
    return out.getvalue()


def read_back(path: Path) -> list[dict[str, str]]:
    return [record.cells for record in read_rows(path, known=COLUMNS, required=("id", "version"))]


@st.composite
def drafts(draw: st.DrawFn) -> QuestionDraft:
    """A question whose texts are anything at all."""
    text = CELLS.filter(lambda each: each.strip())
    made = draw(st.sampled_from([question(), choice_question(), match_question(), question(DifficultyLevel.HARD)]))
    options = [OptionDraft(key=each.key, text=draw(text)) for each in made.options or ()]
    steps = draw(st.lists(text, max_size=3)) or None
    answer = made.correct_answer.model_copy(update={"final_answer": draw(text), "solution_steps": steps})
    changed = {"question_text": draw(text), "scenario": draw(st.none() | text), "options": options or None}
    tags = draw(st.lists(text, max_size=3))
    return made.model_copy(update={**changed, "correct_answer": answer, "tags": tags, "marks": draw(st.floats(0.1, 9))})


class TestGuard:
    @given(CELLS)
    def test_is_taken_off_again(self, cell: str) -> None:
        assert unguard(guard(cell)) == cell

    @given(st.sampled_from(DANGEROUS), TEXTS)
    def test_leaves_no_formula(self, first: str, rest: str) -> None:
        assert guard(first + rest).startswith("'")

    @pytest.mark.parametrize("cell", ["1/2", "3-4", "TRUE", "false", "0.10", "007", "5 March", "Mar 2020", "12:30"])
    def test_keeps_what_a_spreadsheet_program_would_rewrite(self, cell: str) -> None:
        assert guard(cell) == f"'{cell}"

    @pytest.mark.parametrize(
        "cell", ["", "4", "2.5", "0", "12 cm", "$\\frac{1}{2}$", "don't", "'Rust' is red", "marble"]
    )
    def test_leaves_other_cells_as_they_are(self, cell: str) -> None:
        assert guard(cell) == unguard(cell) == cell


class TestRoundTrip:
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # it writes a file an example
    @given(st.lists(drafts(), min_size=1, max_size=3))
    def test_without_an_edit_changes_nothing(self, tmp_path_factory: Any, made: list[QuestionDraft]) -> None:
        items = [item(draft) for draft in made]
        path = tmp_path_factory.mktemp("csv") / "bank.csv"
        path.write_bytes(written([cells_of(each) for each in items]))

        back = read_back(path)

        assert back == [cells_of(each) for each in items]
        assert [changes(cells_of(each), cells) for each, cells in zip(items, back, strict=True)] == [{}] * len(items)

    def test_survives_what_spreadsheet_programs_do(self, tmp_path: Path) -> None:
        made = [item(question(DifficultyLevel.MEDIUM)), item(match_question()), item(NoteDraft(content="## A\n\n- b"))]
        text = written([cells_of(each) for each in made]).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        rows = [[cell.replace("\n", "\r\n") for cell in row] for row in rows]
        out = io.StringIO(newline="")
        csv.writer(out, delimiter="\t", quoting=csv.QUOTE_ALL).writerows([*rows, [""] * len(COLUMNS)])
        path = tmp_path / "unicode.txt"
        path.write_text(out.getvalue(), encoding="utf-16", newline="")

        back = read_back(path)

        assert [changes(cells_of(each), cells) for each, cells in zip(made, back, strict=True)] == [{}] * 3

    def test_shows_hindi_to_a_spreadsheet_program(self) -> None:
        made = written([cells_of(item(NoteDraft(content="विद्युत धारा")))])

        assert made.startswith(b"\xef\xbb\xbf")
        assert "विद्युत धारा" in made.decode()

    def test_writes_every_cell_guarded(self) -> None:
        made = written([cells_of(item(NoteDraft(content='=HYPERLINK("http://x")')))]).decode("utf-8-sig")

        cells = [cell for row in csv.reader(io.StringIO(made, newline="")) for cell in row]

        assert not [cell for cell in cells if cell.startswith(DANGEROUS)]


class TestEdited:
    def edit(self, draft: NoteDraft | QuestionDraft, **cells: str) -> Any:
        made = item(draft)
        return edited(made, changes(cells_of(made), {**cells_of(made), **cells}))

    def test_takes_every_editable_column(self) -> None:
        done = self.edit(
            choice_question(),
            text="What is two and one?",
            scenario="Asha counts.",
            figure="Three apples.",
            option_b="eight",
            option_d="",
            key="b",
            final_answer="B",
            explanation="Because.",
            steps="Take two.\n\nAdd one.",
            marks="1,5",
            minutes="3",
            bloom="apply",
            objective="Count.",
            tags="sums, counting",
        )

        assert (done.question_text, done.scenario, done.diagram_description) == (
            "What is two and one?",
            "Asha counts.",
            "Three apples.",
        )
        assert [option.text for option in done.options] == ["two", "eight", "four"]
        assert done.correct_answer.correct_options == ["B"]
        assert done.correct_answer.solution_steps == ["Take two.", "Add one."]
        assert (done.marks, done.estimated_time_mins, done.bloom_taxonomy_level) == (1.5, 3, "APPLY")
        assert (done.learning_objective, done.tags) == ("Count.", ["sums", "counting"])

    def test_reads_the_columns_and_pairs_of_a_match_question(self) -> None:
        done = self.edit(match_question(), option_a="copper", match_right="1) Cu\n2) Fe\n3) Ag", key="A-1, B – 2,C-3")

        assert done.match_columns.left[0].text == "copper"
        assert [each.text for each in done.match_columns.right] == ["Cu", "Fe", "Ag"]
        assert [(pair.left, pair.right) for pair in done.correct_answer.pairs] == [("A", "1"), ("B", "2"), ("C", "3")]

    @pytest.mark.parametrize(
        ("cells", "columns"),
        [
            ({"text": ""}, {"text"}),
            ({"marks": "many", "bloom": "THINK"}, {"marks"}),
            ({"bloom": "THINK", "minutes": "90"}, {"bloom", "minutes"}),
            ({"final_answer": ""}, {"final_answer"}),
            ({"match_right": "1) a"}, {"match_right"}),
        ],
    )
    def test_names_every_cell_at_fault(self, cells: dict[str, str], columns: set[str]) -> None:
        with pytest.raises(CellsUnfit) as unfit:
            self.edit(choice_question(), **cells)

        assert {column for column, _ in unfit.value.problems} == columns
        assert all(sentence.endswith(".") for _, sentence in unfit.value.problems)

    def test_takes_the_text_of_a_note_only(self) -> None:
        assert self.edit(NoteDraft(content="## A"), text="## B") == NoteDraft(content="## B")
        with pytest.raises(CellsUnfit):
            self.edit(NoteDraft(content="## A"), text="## B", marks="3")

    @pytest.mark.parametrize(
        ("path", "column"),
        [
            ("questionText", "text"),
            ("options.B", "option_b"),
            ("options.2.text", "option_c"),
            ("correctAnswer.finalAnswer", "final_answer"),
            ("correctAnswer.solutionSteps.2", "steps"),
            ("correct_answer.pairs.0.left", "key"),
            ("content", "text"),
            ("question", ""),
        ],
    )
    def test_finds_the_column_of_a_field(self, path: str, column: str) -> None:
        assert column_of(path.split(".")) == column

    def test_knows_a_column_for_every_part_of_a_question(self) -> None:
        assert set(EDITABLE) < set(COLUMNS)
        assert len(COLUMNS) == len(set(COLUMNS)) == len(cells_of(item(question())))


class TestUnreadableFiles:
    HEADER = "id,version,text\n"

    def refuse(self, path: Path, content: bytes) -> str:
        path = path / "bank.csv"
        path.write_bytes(content)
        with pytest.raises(CsvUnreadable) as refused:
            read_back(path)
        return str(refused.value)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "is empty"),
            (b"\xef\xbb\xbf \n", "is empty"),
            (b"PK\x03\x04" + b"\0" * 50, "is a spreadsheet"),
            ("id,version\n".encode("utf-16-le"), "neither UTF-8 nor UTF-16"),
            ("id,version,text\n1,1,ok\n2,1,caf\xe9\n".encode("latin-1"), "Line 3 of bank.csv is not in UTF-8."),
            (b"id,text\n", "The column 'version' is missing."),
            (b"id,version,texte\n", "There is no column 'texte'. Is it 'text'?"),
            (b"id,version,version\n", "'version' is there twice"),
            (b"id,version,text\n1,1,a\n2,1,b,c\n", "line 3 has 4 cells, but the header has 3"),
            (b"id,version,text\n1,1\n", "line 2 has 2 cells"),
            (
                b"id,version,text\n" + b"1,1,a\n" * 1000 + b"1,1,a\0b\n",
                "row on line 1002 holds a character that is no text",
            ),
            (b'id,version,text\n1,1,a\n2,1,"b\n3,1,c\n', "begins on line 3 cannot be read"),
            (b'id,version,text\n1,1,"a"b\n', "begins on line 2 cannot be read"),
        ],
    )
    def test_are_refused_with_a_sentence(self, tmp_path: Path, content: bytes, said: str) -> None:
        assert said in self.refuse(tmp_path, content)

    def test_keep_a_cell_whole_where_another_sign_separates(self) -> None:
        out = io.BytesIO()
        write_rows(out, ["text"], [["acid;=1+1"]])
        assert out.getvalue().decode("utf-8-sig").splitlines()[1] == '"acid;=1+1"'

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_are_not_those_with_another_separator(self, tmp_path: Path, separator: str) -> None:
        path = tmp_path / "bank.csv"
        path.write_text(f"{self.HEADER}1,1,a\n\n,,\n2,1,b\n".replace(",", separator), encoding="utf-8")

        assert [cells["text"] for cells in read_back(path)] == ["a", "b"]

    def test_name_rows_by_the_line_on_which_they_begin(self, tmp_path: Path) -> None:
        path = tmp_path / "bank.csv"
        path.write_text(f'{self.HEADER}1,1,"a\nb\nc"\n2,1,d\n', encoding="utf-8")

        assert [record.line for record in read_rows(path, known=COLUMNS, required=())] == [2, 5]

"""`hydrateall review`: what a reviewer reads and types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from review_factories import bank, doubt, item, questions, rewrite
from typer.testing import CliRunner

from factories import choice_question
from hydrateall.cli import review
from hydrateall.cli.review_edit import as_yaml, read_draft
from hydrateall.core.errors import UsageError
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import ValidationStatus
from hydrateall.curriculum.models import Topic
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.curriculum.service import ItemView, item_versions
from hydrateall.review.errors import NoteNeeded
from hydrateall.review.service import CsvRefused

PLACE = ("--board", "CBSE", "--grade", "8", "--subject", "SCIENCE")


@pytest.fixture
def found(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> list[ItemView]:
    """A small bank in the database that the commands find."""
    monkeypatch.setenv("HYDRATEALL_DATABASE_URL", runtime.database.url)
    return bank(runtime)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(review.app, list(arguments), catch_exceptions=False)


class TestList:
    def test_of_an_empty_queue_says_what_that_means(self, found: list[ItemView]) -> None:
        assert found
        said = " ".join(run("list").stdout.split())

        assert "The review queue is empty" in said
        assert "curriculum show" in said

    def test_shows_the_entries_and_how_to_go_on(self, runtime: Runtime, found: list[ItemView]) -> None:
        doubt(runtime, questions(found)[0], "KEY_LONGEST")
        doubt(runtime, questions(found)[1], "GIVEAWAY", score=0.9)

        said = run("list", *PLACE, "--most", "1").stdout

        assert "1 of 2 entries. Reasons: GIVEAWAY 1, KEY_LONGEST 1." in said
        assert "--cursor 0.5_" in said
        assert "SCIENCE 8 en · 1.1" in said

    def test_says_that_a_filter_leaves_nothing(self, runtime: Runtime, found: list[ItemView]) -> None:
        doubt(runtime, found[0])

        assert "No open entry fits this filter; without it there are 1" in run("list", "--grade", "7").stdout

    def test_gives_machines_json(self, runtime: Runtime, found: list[ItemView]) -> None:
        doubt(runtime, found[0])

        page = json.loads(run("list", "--json").stdout)

        assert (page["total"], page["entries"][0]["itemId"]) == (1, str(found[0].id))


class TestDecide:
    def test_shows_and_approves_by_the_last_group_of_the_id(self, runtime: Runtime, found: list[ItemView]) -> None:
        doubt(runtime, found[0])
        [entry] = json.loads(run("list", "--json").stdout)["entries"]
        short = entry["id"][-12:]

        shown = run("show", short).stdout
        run("approve", short, "--note", "read")

        assert f"review approve {short}" in shown
        assert item(runtime, found[0].id).decided_at is not None

    def test_rejects_an_item_that_nobody_queued(self, runtime: Runtime, found: list[ItemView]) -> None:
        with pytest.raises(NoteNeeded):
            run("reject", str(found[0].id), "--reason", "other")

        run("reject", str(found[0].id), "--reason", "wrong_key", "--note", "it is 5")

        assert item(runtime, found[0].id).status is ValidationStatus.REJECTED

    def test_approves_from_a_score_up_only_with_a_subject(self, runtime: Runtime, found: list[ItemView]) -> None:
        doubt(runtime, found[0], score=0.95)
        with pytest.raises(UsageError, match="--above needs --subject"):
            run("approve", "--above", "0.9")
        with pytest.raises(UsageError, match="Name entries"):
            run("approve")

        said = run("approve", "--above", "0.9", "--subject", "science", "--json").stdout

        assert [each["itemId"] for each in json.loads(said)] == [str(found[0].id)]

    def test_draws_what_would_steer_the_terminal_or_its_markup(self, runtime: Runtime, found: list[ItemView]) -> None:
        noted = "[red]seen[/red] [/b] \x1b]0;title\x07 \x1b[2J \u202etxt"
        run("reject", str(found[0].id), "--reason", "format", "--note", noted)
        with runtime.database.transaction() as session:
            session.execute(sa.update(Topic).values(title="Intervals [a, b] [/b] \x1b[31m"))
        rejected = run("reject", str(found[1].id), "--reason", "format")

        shown = run("show", str(found[0].id)).output

        assert "Intervals [a, b] [/b] ␛[31m" in rejected.output
        assert "Intervals [a, b] [/b] ␛[31m" in shown
        assert "[red]seen[/red] [/b]" in shown
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)


class TestEdit:
    def test_takes_what_show_prints_as_json(self, runtime: Runtime, found: list[ItemView], tmp_path: Path) -> None:
        old = questions(found)[0]
        shown = run("show", str(old.id), "--json").stdout
        file = tmp_path / "item.json"
        file.write_text(shown.replace('"questionText": "What', '"questionText": "Say: what'), encoding="utf-8")

        run("edit", str(old.id), "--file", str(file))

        with runtime.database.transaction() as session:
            _, new = item_versions(session, old.id)
        assert isinstance(new.draft, QuestionDraft)
        assert new.draft.question_text.startswith("Say: what is ")

    @pytest.mark.parametrize("script", ["true", "truncate -s 0"])
    def test_in_the_editor_does_nothing_if_nothing_was_written(
        self, runtime: Runtime, found: list[ItemView], monkeypatch: pytest.MonkeyPatch, script: str
    ) -> None:
        monkeypatch.setenv("VISUAL", script)

        said = run("edit", str(found[0].id), "--editor").stdout

        assert "Nothing was changed." in said
        assert item(runtime, found[0].id).decided_at is None

    def test_in_the_editor_keeps_a_text_that_is_not_right(
        self, found: list[ItemView], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VISUAL", "sed -i s/^marks.*/marks:\\ 9.5/")

        with pytest.raises(UsageError, match="Your text is kept in") as refused:
            run("edit", str(questions(found)[0].id), "--editor")

        kept = Path(refused.value.remedy.split()[5].rstrip(";"))
        assert "marks: 9.5" in kept.read_text(encoding="utf-8")
        kept.unlink()

    def test_names_the_fields_that_do_not_fit(self, found: list[ItemView], tmp_path: Path) -> None:
        file = tmp_path / "item.yaml"
        file.write_text("questionText: What?\nmarks: many\n", encoding="utf-8")

        with pytest.raises(UsageError, match="questionType: Field required"):
            run("edit", str(questions(found)[0].id), "--file", str(file))
        file.write_text("questionText: [", encoding="utf-8")
        with pytest.raises(UsageError, match="not valid YAML or JSON on line 1"):
            run("edit", str(questions(found)[0].id), "--file", str(file))

    def test_writes_yaml_that_reads_back_as_the_item(self, found: list[ItemView]) -> None:
        hard = choice_question().model_copy(
            update={"question_text": "Why: “a # b”?\nयह 'क' है।\n\tTab", "tags": ["yes"]}
        )
        made = found[-1].model_copy(update={"draft": hard})

        assert read_draft(as_yaml(made, []), hard) == hard


class TestCsv:
    def test_goes_out_and_comes_back(self, runtime: Runtime, found: list[ItemView], tmp_path: Path) -> None:
        path = tmp_path / "bank.csv"
        path.write_bytes(run("export", *PLACE).stdout_bytes)
        rewrite(path, {str(found[0].id): {"decision": "approve"}})

        checked = run("import", str(path), "--dry-run").stdout
        said = run("import", str(path), "--json").stdout

        assert "Nothing was changed." in checked
        counts = {"rows": 16, "unchanged": 15, "approved": 1, "rejected": 0, "edited": 0}
        assert json.loads(said) == {**counts, "dryRun": False}
        assert item(runtime, found[0].id).decided_at is not None

    def test_is_refused_with_its_lines(self, found: list[ItemView], tmp_path: Path) -> None:
        path = tmp_path / "bank.csv"
        path.write_bytes(run("export", *PLACE).stdout_bytes)
        rewrite(path, {str(found[0].id): {"decision": "maybe"}})

        with pytest.raises(CsvRefused):
            run("import", str(path))
        refused = run("import", str(path), "--json")

        told = json.loads(refused.stdout)
        assert (refused.exit_code, told["total"]) == (2, 1)
        assert told["problems"][0]["column"] == "decision"

    def test_that_is_not_there_is_named(self) -> None:
        with pytest.raises(UsageError, match=r"There is no file nowhere\.csv"):
            run("import", "nowhere.csv")

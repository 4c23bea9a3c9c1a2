"""Rules in the table: seeded, loaded, changed by a person, and edited behind our back."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from factories import choice_question
from hydrateall.cli import validation
from hydrateall.core.audit import ensure_user
from hydrateall.core.database import Database
from hydrateall.core.errors import UsageError
from hydrateall.core.models import AuditLog, UserRole
from hydrateall.validation.errors import BadRule, UnknownRule
from hydrateall.validation.models import ValidationRule
from hydrateall.validation.rulebook import Rulebook
from hydrateall.validation.schemas import RuleView
from hydrateall.validation.service import (
    Context,
    default_rulebook,
    judge_question,
    list_rules,
    load_rulebook,
    note_words,
    save_rule,
    seed_rules,
)


@pytest.fixture
def seeded(database: Database) -> Database:
    with database.transaction() as session:
        seed_rules(session)
    return database


@pytest.fixture
def me(database: Database) -> uuid.UUID:
    with database.transaction() as session:
        return ensure_user(session, provider="test", external_id="tester", role=UserRole.ADMIN)


def loaded(database: Database) -> Rulebook:
    with database.transaction() as session:
        return load_rulebook(session)


def save(database: Database, by: uuid.UUID, name: str, **changes: Any) -> RuleView:
    with database.transaction() as session:
        return save_rule(session, name, changes, by)


def spoil(database: Database, name: str, path: str, value: str) -> None:
    """Change a row as somebody with a database client would."""
    statement = """
        UPDATE validation_rules
        SET rule_definition = jsonb_set(rule_definition, CAST(:path AS text[]), CAST(:value AS jsonb))
        WHERE name = :name
    """
    with database.transaction() as session:
        session.execute(sa.text(statement), {"path": path, "value": value, "name": name})


class TestSeed:
    def test_adds_the_default_rules_once(self, database: Database) -> None:
        with database.transaction() as session:
            first, second = seed_rules(session), seed_rules(session)

        assert (first, second) == (len(default_rulebook().rules), 0)
        assert loaded(database).fingerprint == default_rulebook().fingerprint

    def test_changes_no_rule_that_is_there(self, seeded: Database, me: uuid.UUID) -> None:
        save(seeded, me, "note_length_secondary", parameters={"most": 1600}, is_active=False)

        with seeded.transaction() as session:
            added = seed_rules(session)
            [found] = [view for view in list_rules(session) if view.name == "note_length_secondary"]

        assert added == 0
        assert (found.parameters["most"], found.is_active, found.version) == (1600, False, 2)

    def test_brings_back_a_rule_that_was_deleted(self, seeded: Database) -> None:
        with seeded.transaction() as session:
            session.execute(sa.delete(ValidationRule).where(ValidationRule.name == "way_out"))
            added = seed_rules(session)

        assert added == 1


class TestLoad:
    def test_gives_the_default_rules_where_the_table_is_empty(self, database: Database) -> None:
        assert loaded(database) == default_rulebook()

    def test_leaves_out_what_is_switched_off(self, seeded: Database, me: uuid.UUID) -> None:
        save(seeded, me, "way_out", is_active=False)

        rules = loaded(seeded)

        tempting = choice_question(texts=("two", "three", "four", "All of these"))
        assert judge_question(tempting, rules=rules, context=Context("en", "8", "SCIENCE")).findings == ()
        assert rules.fingerprint != default_rulebook().fingerprint

    def test_gives_nothing_where_every_rule_is_switched_off(self, seeded: Database) -> None:
        with seeded.transaction() as session:
            session.execute(sa.update(ValidationRule).values(is_active=False))

        assert loaded(seeded).rules == ()

    @pytest.mark.parametrize(
        ("path", "value", "field"),
        [
            ("{parameters,most}", '"many"', "parameters.most"),
            ("{parameters}", "7", "parameters"),
            ("{gate}", '"note_width"', "gate"),
            ("{severity}", '"fatal"', "severity"),
        ],
    )
    def test_goes_on_with_the_default_where_a_row_was_spoilt(
        self, seeded: Database, caplog: pytest.LogCaptureFixture, path: str, value: str, field: str
    ) -> None:
        spoil(seeded, "note_length_middle", path, value)

        rules = loaded(seeded)

        assert note_words(rules, "7") == (600, 1200)
        assert len(rules.rules) == len(default_rulebook().rules)
        [warning] = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
        assert "note_length_middle" in warning
        assert f"{field}: " in warning

    def test_leaves_out_a_strange_row_that_no_default_stands_for(
        self, seeded: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        spoil(seeded, "way_out", "{gate}", '"mind_reading"')
        with seeded.transaction() as session:
            session.execute(sa.update(ValidationRule).where(ValidationRule.name == "way_out").values(name="mine"))

        assert len(loaded(seeded).rules) == len(default_rulebook().rules) - 1
        assert "it is left out" in caplog.text

    def test_survives_a_definition_that_is_no_object(self, seeded: Database) -> None:
        with seeded.transaction() as session:
            session.execute(sa.text("""UPDATE validation_rules SET rule_definition = '"x"' WHERE name = 'way_out'"""))

        assert len(loaded(seeded).rules) == len(default_rulebook().rules)


class TestSave:
    def test_counts_the_version_up_and_keeps_the_other_thresholds(self, seeded: Database, me: uuid.UUID) -> None:
        save(seeded, me, "note_length_secondary", parameters={"most": 1600})
        view = save(seeded, me, "note_length_secondary", parameters={"far_above": 1.5}, weight=0.2)

        assert view.version == 3
        assert view.parameters == {"fewest": 800, "most": 1600, "far_below": 0.6, "far_above": 1.5}
        [rule] = [each for each in loaded(seeded).rules if each.name == "note_length_secondary"]
        assert (rule.version, rule.weight, rule.parameters) == (3, 0.2, view.parameters)

    def test_brings_back_the_default_rule_s_threshold(self, seeded: Database, me: uuid.UUID) -> None:
        save(seeded, me, "note_length_primary", parameters={"most": 900, "far_below": 0.5})

        view = save(seeded, me, "note_length_primary", parameters={"most": None, "far_below": None})

        assert (view.parameters["most"], view.parameters["far_below"]) == (800, 0.6)

    def test_leaves_the_version_where_nothing_changes(self, seeded: Database, me: uuid.UUID) -> None:
        save(seeded, me, "marks_and_minutes", parameters={"easy_marks": [1, 2]})
        again = save(seeded, me, "marks_and_minutes", parameters={"easy_marks": (1, 2)})

        assert again.version == 2
        assert save(seeded, me, "way_out", is_active=True).version == 1

    def test_is_audited_with_before_and_after(self, seeded: Database, me: uuid.UUID) -> None:
        save(seeded, me, "way_out", severity="review")

        with seeded.transaction() as session:
            [entry] = session.scalars(sa.select(AuditLog).where(AuditLog.entity_type == "validation_rule")).all()
            details, actor = entry.details, entry.actor_id

        assert actor == me
        assert "severity" not in details["before"]["rule_definition"]
        assert details["after"]["rule_definition"]["severity"] == "review"
        assert (details["before"]["version"], details["after"]["version"]) == (1, 2)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"parameters": {"most": 0}}, "parameters.most"),
            ({"parameters": {"furthest": 1}}, "parameters.furthest"),
            ({"parameters": "most"}, "parameters"),
            ({"severity": "fatal"}, "severity"),
            ({"weight": -1}, "weight"),
            ({"grade_range": "12-9"}, "grade_range"),
            ({"difficulty_level": "hardest"}, "difficulty_level"),
            ({"is_active": "perhaps"}, "is_active"),
            ({"gate": "no_way_out"}, "gate"),
            ({"content_type": "QUESTION"}, "content_type"),
        ],
    )
    def test_refuses_what_does_not_fit_and_names_the_field(
        self, seeded: Database, me: uuid.UUID, changes: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(BadRule) as refused:
            save(seeded, me, "note_length_secondary", **changes)

        assert refused.value.field == field
        assert f"{field}: " in refused.value.message
        assert loaded(seeded).fingerprint == default_rulebook().fingerprint

    def test_repairs_a_row_that_was_spoilt(self, seeded: Database, me: uuid.UUID) -> None:
        spoil(seeded, "note_length_middle", "{parameters,most}", '"many"')

        view = save(seeded, me, "note_length_middle", parameters={"most": 1300})

        assert (view.problem, view.parameters["most"]) == ("", 1300)

    def test_names_the_rules_there_are(self, seeded: Database, me: uuid.UUID) -> None:
        with pytest.raises(UnknownRule, match=r"There is no rule 'nothing'.*way_out"):
            save(seeded, me, "nothing", weight=0.1)

    def test_asks_for_the_seed_where_there_is_no_rule(self, database: Database, me: uuid.UUID) -> None:
        with pytest.raises(UnknownRule, match="db seed"):
            save(database, me, "way_out", weight=0.1)


class TestCommands:
    @pytest.fixture(autouse=True)
    def on_this_database(self, seeded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HYDRATEALL_DATABASE_URL", str(seeded.url))

    def run(self, *arguments: str) -> str:
        return CliRunner().invoke(validation.app, arguments, catch_exceptions=False).stdout

    def test_list_every_rule(self) -> None:
        found = json.loads(self.run("rules", "--json"))

        assert {each["name"] for each in found} == {rule.name for rule in default_rulebook().rules}
        assert "note_length_primary" in self.run("rules")

    def test_explain_a_rule_with_its_gate(self) -> None:
        shown = self.run("rule", "note_length_middle")

        assert "Words of a lesson in grades 6 to 8." in shown
        assert "Find a note outside of its band of words." in shown

    def test_change_a_threshold_and_say_what_changed(self) -> None:
        shown = self.run("set", "marks_and_minutes", "easy_marks=1,3", "--weight", "0.3")

        assert "marks_and_minutes is now version 2." in shown
        assert "easy_marks: 0.5, 2 → 1, 3" in shown
        assert "weight: 0.2 → 0.3" in shown

    def test_switch_a_rule_off_and_on(self, seeded: Database) -> None:
        self.run("off", "way_out")
        off = {rule.name for rule in loaded(seeded).rules}
        self.run("on", "way_out")

        assert "way_out" not in off
        assert "way_out" in {rule.name for rule in loaded(seeded).rules}

    @pytest.mark.parametrize("arguments", [(), ("most",), ("=3",)])
    def test_refuse_what_is_no_change(self, arguments: tuple[str, ...]) -> None:
        with pytest.raises(UsageError):
            self.run("set", "note_length_middle", *arguments)

    def test_show_a_row_that_does_not_fit(self, seeded: Database) -> None:
        spoil(seeded, "note_length_middle", "{parameters,most}", '"many"')

        shown = self.run("rules")

        assert "The row of note_length_middle does not fit" in shown
        assert "parameters.most: Input should be a valid integer" in shown

"""Alerts, dashboard and runbooks: they speak of metrics, commands and pages that exist."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.main import get_command

from hydrateall.cli import app as tree
from hydrateall.monitoring.metrics import COUNTERS, DURATION, GAUGES

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
NAME = re.compile(r"\bhydrate_\w+")
COMMAND = re.compile(r"hydrateall ((?:[a-z-]+ ?)+)([^`\n|]*)")
PROMISED = (
    "hydrate_jobs_created_total",
    "hydrate_jobs_claimed_total",
    "hydrate_jobs_completed_total",
    "hydrate_jobs_failed_total",
    "hydrate_job_duration_seconds_sum",
    "hydrate_reconciler_last_run_timestamp",
)


def names() -> set[str]:
    """Every sample name that the endpoint can give."""
    found = {f"{family.name}_total" for family in COUNTERS.values()} | {family.name for family in GAUGES.values()}
    return found | {f"{DURATION.name}_{part}" for part in ("bucket", "sum", "count")}


def alerts() -> list[dict[str, Any]]:
    [group] = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]
    return list(group["rules"])


def panels() -> list[dict[str, Any]]:
    return list(json.loads((ROOT / "deploy" / "grafana" / "hydrateall.json").read_text())["panels"])


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("promtool"):
        pytest.skip("promtool is not on the path; Debian's package `prometheus` has it")
    return subprocess.run(["promtool", *arguments], cwd=PROMETHEUS, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def commands() -> Any:
    """The command tree as `main` builds it, without running it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(typer.Typer, "__call__", lambda *_: None)
        tree.main()
    return get_command(tree.app)


class TestMetrics:
    def test_have_the_names_that_seed_001_promises(self) -> None:
        assert set(PROMISED) <= names()

    def test_that_alerts_ask_for_exist(self) -> None:
        asked = {name for alert in alerts() for name in NAME.findall(alert["expr"])}

        assert len(asked) > 10
        assert asked <= names()

    def test_that_the_dashboard_asks_for_exist(self) -> None:
        asked = {name for panel in panels() for each in panel["targets"] for name in NAME.findall(each["expr"])}

        assert len(asked) > 15
        assert asked <= names()

    def test_that_runbooks_speak_of_exist(self) -> None:
        asked = {name for page in RUNBOOKS for name in NAME.findall(page.read_text())}

        assert asked <= names()


class TestAlerts:
    def test_pass_their_tests(self) -> None:
        done = promtool("test", "rules", "alerts_test.yml")

        assert done.returncode == 0, done.stdout + done.stderr

    def test_and_the_scrape_config_are_what_prometheus_takes(self) -> None:
        done = promtool("check", "config", "--syntax-only", "prometheus.yml")

        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
    def test_say_how_bad_it_is_what_it_is_and_which_page_helps(self, alert: dict[str, Any]) -> None:
        assert alert["labels"]["severity"] in ("warning", "critical")
        assert alert["annotations"]["summary"]
        assert alert["annotations"]["description"]
        assert (ROOT / alert["annotations"]["runbook_url"]).is_file()


class TestDashboard:
    def test_shows_what_seed_001_lists(self) -> None:
        shown = {panel["title"]: panel["type"] for panel in panels()}

        assert (shown["Job status overview"], shown["Duration distribution"]) == ("stat", "heatmap")
        assert {"Success rate", "Cost tracking", "Review queue", "Tokens", "Model servers"} <= set(shown)

    def test_lays_no_panel_over_another(self) -> None:
        taken: set[tuple[int, int]] = set()
        for panel in panels():
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not cells & taken
            assert max(x for x, _ in cells) < 24
            taken |= cells


class TestRunbooks:
    @pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: page.stem)
    def test_name_commands_and_options_that_exist(self, page: Path, commands: Any) -> None:
        named = COMMAND.findall(page.read_text())

        assert named
        for words, rest in named:
            command = commands
            for word in words.split():
                if hasattr(command, "commands"):
                    assert word in command.commands, f"hydrateall {words}"
                    command = command.commands[word]
            options = {option for each in command.params for option in each.opts}
            given = {word.split("=")[0] for word in shlex.split(rest, comments=True) if word.startswith("--")}
            assert given <= options, f"hydrateall {words}{rest}"

    @pytest.mark.parametrize("page", [page for page in RUNBOOKS if page.stem != "README"], ids=lambda page: page.stem)
    def test_say_what_is_seen_where_to_look_what_to_do_and_how_it_is_known_to_work(self, page: Path) -> None:
        text = page.read_text()

        assert "**You see**" in text
        assert [title for title in ("## Look", "## Do", "## It worked if") if title not in text] == []

    @pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: page.stem)
    def test_link_to_what_exists(self, page: Path) -> None:
        links = [link for link in re.findall(r"\]\(([^)#]+)", page.read_text()) if "://" not in link]

        assert [link for link in links if not (page.parent / link).exists()] == []

    def test_are_all_listed(self) -> None:
        listed = (ROOT / "docs" / "runbooks" / "README.md").read_text()

        assert [page.name for page in RUNBOOKS if page.stem != "README" and f"({page.name})" not in listed] == []

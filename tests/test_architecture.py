"""The rules of ARCHITECTURE.md that can be read off the imports. Each check opens with the reason it exists."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "lib" / "hydrateall"
PACKAGE = "hydrateall"
PUBLIC_FACE = ("service", "schemas", "enums", "errors")
EDGES = ("cli", "orchestration", "web")  # they stand on the slices and put them together
ROUTES = "routes.py"  # the part of the edge `web` that is kept beside what it serves
EVERY_SLICE_S = ("core",)
LINES_A_FILE, LINES_A_DAG = 300, 80


@dataclass(frozen=True)
class Import:
    """One import: the file, the line, and the dotted name (with the imported name, for `from x import y`)."""

    file: Path
    line: int
    name: str
    typing_only: bool

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} imports {self.name}"

    def within(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)


def python_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


@cache
def imports_of(file: Path) -> tuple[Import, ...]:
    """Every import of a file, those inside functions too."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    guarded = {id(node) for block in ast.walk(tree) if is_typing_block(block) for node in ast.walk(block)}
    return tuple(
        Import(file, node.lineno, name, id(node) in guarded) for node in ast.walk(tree) for name in imported_names(node)
    )


def is_typing_block(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imported_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_below(folder: Path) -> list[Import]:
    return [each for file in python_files(folder) for each in imports_of(file)]


def part_of(name: str) -> tuple[str, str]:
    """Slice and module of a dotted name below the package, e.g. ("curriculum", "service")."""
    _, slice_, module, *_ = [*name.split("."), "", ""]
    return slice_, module


def slice_of(file: Path) -> str:
    if file.name == ROUTES:
        return "web"
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def slices() -> list[str]:
    return sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists() and path.name not in EDGES)


def between_slices() -> list[Import]:
    """The imports with which one slice reaches another."""
    own = [each for each in imports_below(SOURCE) if each.within(PACKAGE) and slice_of(each.file) in slices()]
    return [each for each in own if part_of(each.name)[0] not in (slice_of(each.file), *EVERY_SLICE_S)]


def listed(violations: list[Import]) -> str:
    return "\n".join(str(each) for each in violations)


class TestDags:
    def test_import_only_what_wires_tasks(self) -> None:
        """A DAG says when and in what order. What it cannot import, it cannot come to hold."""
        allowed = (f"{PACKAGE}.orchestration", "airflow.sdk", "airflow.providers", *sys.stdlib_module_names)

        violations = [
            each
            for each in imports_below(ROOT / "dags")
            if not each.within(*allowed) and not self.is_tasks_module(each.name)
        ]

        assert not violations, listed(violations)

    def test_fit_on_one_screen(self) -> None:
        """A DAG that needs scrolling has begun to hold rules."""
        long = {path.name: lines(path) for path in python_files(ROOT / "dags") if lines(path) > LINES_A_DAG}

        assert not long

    def is_tasks_module(self, name: str) -> bool:
        package, _, module, *rest = [*name.split("."), "", ""]
        return package == PACKAGE and module == "tasks" and not any(rest[1:])


class TestOutsideLibraries:
    """Each heavy or foreign library has one door, so that it can be replaced, and so that tests need not load it."""

    def test_airflow_is_imported_by_the_orchestration_and_the_plugins_only(self) -> None:
        """The domain runs without Airflow: in tests, in the shell, in the learner app."""
        violations = [
            each
            for each in imports_below(SOURCE)
            if each.within("airflow") and each.file != SOURCE / "orchestration.py"
        ]

        assert not violations, listed(violations)

    def test_openai_is_imported_by_the_gateway_only(self) -> None:
        """No call leaves the house but through the gateway, which prices and logs it."""
        violations = [each for each in imports_below(SOURCE) if each.within("openai") and slice_of(each.file) != "llm"]

        assert not violations, listed(violations)

    def test_fastapi_is_imported_by_routes_and_web_only(self) -> None:
        """Rules that know HTTP cannot be used by a task."""
        violations = [
            each
            for each in imports_below(SOURCE)
            if each.within("fastapi", "starlette") and each.file.name != ROUTES and slice_of(each.file) != "web"
        ]

        assert not violations, listed(violations)


class TestSlices:
    def test_reach_each_other_through_their_public_face_only(self) -> None:
        """A slice can change its rows and queries alone as long as others know its service, schemas, enums, errors."""
        violations = [
            each
            for each in between_slices()
            if part_of(each.name)[0] in slices() and part_of(each.name)[1] not in PUBLIC_FACE
        ]

        assert not violations, listed(violations)

    def test_do_not_import_the_edges(self) -> None:
        """The command line and the orchestration stand on the slices, never the other way round."""
        violations = [each for each in between_slices() if part_of(each.name)[0] in EDGES]

        assert not violations, listed(violations)

    def test_form_no_circle(self) -> None:
        """Two slices that need each other are one slice with a wall in the wrong place."""
        needs: dict[str, set[str]] = defaultdict(set)
        for each in between_slices():
            needs[slice_of(each.file)].add(part_of(each.name)[0])

        assert circle_in(needs) == []

    def test_leave_the_core_knowing_none_of_them(self) -> None:
        """What everything stands on must not stand on anything. The mapper registry is the one list of all rows."""
        violations = [
            each
            for each in imports_below(SOURCE / "core")
            if each.within(PACKAGE) and part_of(each.name)[0] not in ("core", "models")
        ]

        assert not violations, listed(violations)

    def test_keep_their_queries_in_their_repository(self) -> None:
        """One place to look for what a slice asks of the database, and one to index for."""
        found = [
            f"{file.relative_to(ROOT)}:{node.lineno}"
            for slice_ in [*slices(), "web"]
            if slice_ != "core"
            for file in python_files(SOURCE / slice_)
            if file.name != "repository.py"
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if is_query(node)
        ]

        assert not found


class TestSettings:
    def test_are_read_at_the_edge_only(self) -> None:
        """A rule that reads the environment behaves differently in a test than in a task, and nobody sees why."""
        allowed = {SOURCE / "core" / "settings.py", SOURCE / "core" / "paths.py"}

        found = [
            f"{file.relative_to(ROOT)}:{node.lineno}"
            for file in python_files(SOURCE)
            if file not in allowed and slice_of(file) != "stack"
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if reads_environment(node)
        ]

        assert not found

    def test_name_no_environment_variable_twice(self) -> None:
        """Each setting has one name, so that an error can say which variable to correct."""
        from hydrateall.core.settings import Settings

        names = [name.upper() for name in Settings.model_fields]

        assert len(names) == len(set(names))


class TestFiles:
    def test_are_short_enough_to_be_read_at_once(self) -> None:
        """A file that grows past 300 lines holds two nouns: split it by noun."""
        long = {str(path.relative_to(ROOT)): lines(path) for path in python_files(SOURCE) if lines(path) > LINES_A_FILE}

        assert not long

    @pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager", "data", "misc"])
    def test_are_named_for_what_they_hold(self, name: str) -> None:
        """A file called `utils` attracts whatever has no home, and then nobody finds it."""
        found = [path for path in python_files(SOURCE) if path.stem == name or path.parent.name == name]

        assert not found

    def test_open_with_what_they_are_for(self) -> None:
        """A module that cannot say in a sentence what it holds should not be one."""
        silent = [
            str(path.relative_to(ROOT))
            for path in [*python_files(SOURCE), *python_files(ROOT / "dags")]
            if path.read_text(encoding="utf-8").strip()
            and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        ]

        assert not silent

    def test_hold_no_bind_in_a_comment_of_sql(self) -> None:
        """SQLAlchemy binds `:name` inside an SQL comment too, and then misses the value at run time."""
        found = [
            f"{path.name}: {line}"
            for path in sorted((ROOT / "include" / "sql").rglob("*.sql"))
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.strip().startswith("--") and any(word.startswith(":") for word in line.split())
        ]

        assert not found

    def test_of_sql_say_first_which_rows_come_back(self) -> None:
        """Who calls a statement needs its rows, not its text."""
        files = sorted((ROOT / "include" / "sql").rglob("*.sql"))

        silent = [path.name for path in files if not path.read_text(encoding="utf-8").startswith("-- Rows: ")]

        assert files
        assert not silent


class TestTheChecksThemselves:
    """A check that cannot fail is a defect."""

    def test_find_imports_inside_functions(self, tmp_path: Path) -> None:
        file = tmp_path / "late.py"
        file.write_text("def late():\n    from airflow.models import DagRun\n    return DagRun\n")

        [found] = imports_of(file)

        assert (found.name, found.line) == ("airflow.models.DagRun", 2)
        assert found.within("airflow")

    def test_tell_a_package_from_one_whose_name_begins_alike(self, tmp_path: Path) -> None:
        file = tmp_path / "alike.py"
        file.write_text("import openai_tools\n")

        [found] = imports_of(file)

        assert not found.within("openai")

    def test_find_a_circle(self) -> None:
        assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]

    def test_see_the_slices(self) -> None:
        assert {"core", "curriculum", "hydration", "llm", "validation"} <= set(slices())
        assert len(between_slices()) > 20

    def test_know_how_the_environment_is_read(self) -> None:
        read = ast.parse("import os\nos.environ['HOME']\nos.getenv('HOME')")

        assert sum(reads_environment(node) for node in ast.walk(read)) == 2


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def reads_environment(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv", "putenv")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    )


def is_query(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ("select", "insert", "update", "delete")
        and isinstance(node.value, ast.Name)
        and node.value.id == "sa"
    )


def circle_in(needs: dict[str, set[str]]) -> list[str]:
    """A way from a slice back to itself, or nothing."""

    def search(path: list[str]) -> list[str]:
        for need in sorted(needs.get(path[-1], ())):
            if need == path[0]:
                return [*path, need]
            if need not in path and (found := search([*path, need])):
                return found
        return []

    return next((found for start in sorted(needs) if (found := search([start]))), [])

"""`review edit`: an item corrected in a file, or in the person's own editor."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
import yaml
from pydantic import ValidationError
from rich.markup import escape

from hydrateall.cli.output import console
from hydrateall.core.errors import UsageError
from hydrateall.curriculum.schemas import NoteDraft, QuestionDraft
from hydrateall.curriculum.service import ItemView
from hydrateall.review.schemas import Said
from hydrateall.review.service import EditRefused

Draft = NoteDraft | QuestionDraft
MOST_NAMED = 5


class _Dumper(yaml.SafeDumper):
    """YAML as people write it: texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def as_yaml(item: ItemView, findings: list[Said]) -> str:
    """The item's content as YAML, under what the gates found."""
    said = "".join(f"# {found.code} · {found.field}: {found.message}\n" for found in findings)
    head = f"# {item.place}\n# Correct the text, save and close. Unchanged, or emptied: nothing happens.\n{said}"
    plain = item.draft.model_dump(mode="json", by_alias=True)
    return head + yaml.dump(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def read_draft(text: str, like: Draft) -> Draft:
    """Read an edited item, JSON or YAML; raise UsageError that names each field at fault."""
    try:
        plain = yaml.safe_load(text)  # JSON is YAML
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" on line {mark.line + 1}" if mark else ""
        raise UsageError(
            f"The edited item is not valid YAML or JSON{where}: {getattr(error, 'problem', None) or 'unreadable'}.",
            "Texts with a colon, a number sign or a quotation mark stand between quotation marks.",
        ) from None
    if isinstance(plain, dict) and isinstance(plain.get("item"), dict):
        plain = plain["item"].get("draft")  # the whole of `review show --json`
    try:
        return type(like).model_validate(plain)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, each['loc'])) or 'item'}: {each['msg']}." for each in error.errors()]
        more = f" And {len(problems) - MOST_NAMED} more." if len(problems) > MOST_NAMED else ""
        raise UsageError(
            f"The edited item does not fit. {' '.join(problems[:MOST_NAMED])}{more}",
            "`hydrateall review show ENTRY --json` shows the form: what stands under item.draft.",
        ) from None


def read_file(path: Path, like: Draft) -> Draft:
    """Read an edited item from a file."""
    try:
        return read_draft(path.read_text(encoding="utf-8-sig"), like)
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}.", "Give the path of the edited item.", field="file") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path.name} is not in UTF-8.", "Save it as UTF-8.", field="file") from None


def ask_editor(text: str) -> str:
    """Let the person edit a text in $VISUAL or $EDITOR; return it, as it was if nothing was saved."""
    try:
        return click.edit(text, extension=".yaml") or text
    except click.ClickException as error:
        raise UsageError(
            f"The editor did not work: {error.message}.", "Set EDITOR to yours, or use --file.", field="editor"
        ) from None


def keep(text: str) -> Path:
    """Keep an edit that was refused, so that it is not lost."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", prefix="review-", delete=False, encoding="utf-8") as file:
        file.write(text)
    return Path(file.name)


def show_refusal(error: UsageError) -> None:
    """Print why an edit was refused, one finding a line."""
    if isinstance(error, EditRefused):
        console.print(f"[bad]Not stored:[/] {escape(error.place)} is not right yet.", soft_wrap=True)
        for found in error.findings:
            console.print(f"  {found.field}: {found.message}", markup=False, soft_wrap=True)
    else:
        console.print(f"[bad]Not stored:[/] {escape(error.message)}", soft_wrap=True)

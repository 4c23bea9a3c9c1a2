"""Prompt files: YAML front matter, then a Jinja body with a `system` and a `user` block.

The system block is the same for every call of a prompt, so that a provider's prompt cache can keep it; the
user block carries the assignment. Text that we did not write passes the `untrusted` filter, which makes it
JSON that cannot close the fence it stands in.
"""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, meta
from jinja2.environment import Template
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hydrateall.core.paths import PROMPTS
from hydrateall.llm.errors import BadPrompt
from hydrateall.llm.schemas import Prompt


class FrontMatter(BaseModel):
    """The head of a prompt file."""

    model_config = ConfigDict(extra="forbid")

    id: str
    version: int = Field(ge=1)
    purpose: str
    inputs: list[str]
    max_output_tokens: int = Field(ge=1)


@dataclass(frozen=True)
class PromptFile:
    """A prompt file that was read and checked. `sha256` is that of the body and of what it includes."""

    head: FrontMatter
    sha256: str
    template: Template

    def render(self, **inputs: Any) -> Prompt:
        """Fill the prompt; raise BadPrompt unless exactly the declared inputs are given."""
        if set(inputs) != set(self.head.inputs):
            difference = ", ".join(sorted(set(inputs) ^ set(self.head.inputs)))
            raise BadPrompt(f"Prompt {self.head.id} was not given exactly the inputs that it declares: {difference}.")
        return Prompt(
            id=self.head.id,
            version=self.head.version,
            purpose=self.head.purpose,
            sha256=self.sha256,
            system=_block(self.template, "system", inputs),
            user=_block(self.template, "user", inputs),
        )


@functools.cache
def load_prompt(name: str) -> PromptFile:
    """Read `include/prompts/<name>.md.j2`; raise BadPrompt that names the file and what is wrong with it."""
    file = f"{name}.md.j2"
    environment = _environment()
    try:
        head, body = _split((PROMPTS / file).read_text(encoding="utf-8"))
        front = FrontMatter.model_validate(yaml.safe_load(head))
        tree = environment.parse(body)
        used = meta.find_undeclared_variables(tree)
        shared = [(PROMPTS / str(part)).read_text(encoding="utf-8") for part in meta.find_referenced_templates(tree)]
        template = environment.from_string(body)
    except (
        OSError,
        ValueError,
        ValidationError,
        TemplateNotFound,
        TemplateSyntaxError,
        yaml.YAMLError,
    ) as error:
        raise BadPrompt(f"The prompt include/prompts/{file} cannot be used: {error}.") from None
    if used != set(front.inputs):
        difference = ", ".join(sorted(used ^ set(front.inputs)))
        raise BadPrompt(f"The prompt include/prompts/{file} declares other inputs than it uses: {difference}.")
    if {"system", "user"} - set(template.blocks):
        raise BadPrompt(f"The prompt include/prompts/{file} needs a block `system` and a block `user`.")
    return PromptFile(front, hashlib.sha256("".join([body, *shared]).encode()).hexdigest(), template)


def untrusted(value: Any) -> str:
    """Render a value as JSON in which no text can open or close a tag."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PROMPTS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["untrusted"] = untrusted
    return environment


def _split(text: str) -> tuple[str, str]:
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ValueError("it must start with front matter between two lines of ---")
    return parts[1], parts[2]


def _block(template: Template, name: str, inputs: dict[str, Any]) -> str:
    context = template.new_context(inputs)
    return "".join(template.blocks[name](context)).strip()

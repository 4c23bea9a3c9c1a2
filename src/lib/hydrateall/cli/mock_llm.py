"""`mock-llm`: a model server on this machine that costs nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer
from pydantic import SecretStr, ValidationError

from hydrateall.cli.output import console
from hydrateall.core.errors import UsageError

app = typer.Typer(help="A model server without a model: OpenAI's wire, sample content.", no_args_is_help=True)
ANY_KEY = "any"


@app.callback()
def group() -> None:
    """A model server without a model: OpenAI's wire, sample content."""


@app.command("serve")
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8181,
    latency: Annotated[float, typer.Option(min=0, help="Seconds from a request to its answer (the median).")] = 0.5,
    latency_spread: Annotated[float, typer.Option(min=0, max=3, help="Sigma of lognormal latency; 0: constant.")] = 0,
    requests_per_minute: Annotated[int | None, typer.Option(min=1, help="In any 60 s; over it: 429.")] = None,
    tokens_per_minute: Annotated[int | None, typer.Option(min=1, help="Prompt and output limit, in any 60 s.")] = None,
    fault: Annotated[list[str] | None, typer.Option(help="NAME=RATE, e.g. server_error=0.05; repeatable.")] = None,
    seed: Annotated[int, typer.Option(help="Which calls the faults meet, and which questions are disputed.")] = 0,
    disagreements: Annotated[
        float, typer.Option(min=0, max=1, help="Share of questions that a second opinion disputes.")
    ] = 0.0,
    strict_schema: Annotated[bool, typer.Option(help="Whether json_schema is understood.")] = True,
    batch_seconds: Annotated[float, typer.Option(min=0, help="How long a batch takes.")] = 2.0,
    key: Annotated[str | None, typer.Option(help="The one right key; any is, if not given.")] = None,
    context_tokens: Annotated[int, typer.Option(min=1, help="Largest prompt and output together.")] = 128_000,
) -> None:
    """Serve until Ctrl-C. Faults: rate_limited, overloaded, insufficient_quota, server_error, slow, dropped,
    truncated, refusal, content_filter, invalid_json, wrong_schema, text_around, batch_expired, batch_line_error.
    What was asked and billed: GET /mock/ledger."""
    from hydrateall.llm.mock import server
    from hydrateall.llm.mock.settings import MockSettings, read_faults

    try:
        settings = MockSettings(
            latency=latency,
            latency_spread=latency_spread,
            requests_per_minute=requests_per_minute,
            tokens_per_minute=tokens_per_minute,
            faults=read_faults(fault or []),
            seed=seed,
            disagreements=disagreements,
            strict_schema=strict_schema,
            batch_seconds=batch_seconds,
            key=SecretStr(key) if key else None,
            context_tokens=context_tokens,
        )
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0])
        reason = problem["msg"].removeprefix("Value error, ")
        raise UsageError(f"The setting {name} cannot be used: {reason}.", field=name) from None
    listener = server.bind(host, port)
    with suppress(KeyboardInterrupt):
        _introduce(host, listener.getsockname()[1], "the-one-given-with---key" if key else ANY_KEY)
        server.serve(settings, listener)


def _introduce(host: str, port: int, key: str) -> None:
    """Say where the server is, in lines that a shell takes; the key itself is not shown."""
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{port}"
    console.print(f"Mock model server on {url}/v1 · ledger {url}/mock/ledger · Ctrl-C ends it\n", markup=False)
    for line in (
        "HYDRATEALL_MODEL_PROVIDER=openai",
        f"HYDRATEALL_OPENAI_BASE_URL={url}/v1",
        f"HYDRATEALL_OPENAI_API_KEY={key}",
        "HYDRATEALL_OPENAI_MODEL=mock-writer",
    ):
        console.print(f"export {line}", markup=False, soft_wrap=True)

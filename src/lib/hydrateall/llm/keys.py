"""The key of a model server, as a header can carry it."""

from __future__ import annotations

from pydantic import SecretStr

from hydrateall.llm.errors import ModelMisconfigured


def usable_key(key: SecretStr, *, setting: str = "HYDRATEALL_OPENAI_API_KEY") -> str:
    """The key without the line end that a file or a paste left; what no header can carry is refused, unshown."""
    bare = key.get_secret_value().strip()
    if not bare.isascii() or any(sign.isspace() or not sign.isprintable() for sign in bare):
        raise ModelMisconfigured("The key of the model server holds signs that no key has.", f"Correct {setting}.")
    return bare

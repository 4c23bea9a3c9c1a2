"""File names from outside: what may become part of a storage key."""

from __future__ import annotations

import re
import unicodedata

from hydrateall.documents.conversion.errors import UnsafeFileName

MOST_NAME_BYTES = 200  # file systems take 255; versions and extensions of ours come on top
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\.|$)")
FORBIDDEN = re.compile(r'[<>:"|?*]')


def safe_name(name: str) -> str:
    """The bare file name, in Unicode NFC, or UnsafeFileName. It is never repaired: two names could become one."""
    bare = unicodedata.normalize("NFC", name)
    if why := _objection(bare):
        raise UnsafeFileName(name, why)
    return bare


def entry_objection(name: str) -> str | None:
    """Why the name of an archive's entry is refused. Folders are fine there, ways out of it are not."""
    parts = name.replace("\\", "/").split("/")
    if "\\" in name:
        return "has a backslash in its name"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "has an absolute path"
    if ".." in parts:
        return "leads out of the archive"
    if _unprintable(name):
        return "has control characters in its name"
    return "has too long a name" if len(name.encode("utf-8", "replace")) > 4 * MOST_NAME_BYTES else None


def _objection(name: str) -> str | None:
    if not name.strip() or not name.strip("."):
        return "is empty or made of dots"
    if "/" in name or "\\" in name:
        return "contains a folder; send the bare name"
    if _unprintable(name):
        return "contains control characters or invisible signs"
    if FORBIDDEN.search(name):
        return 'contains one of < > : " | ? *'
    if name != name.strip() or name.endswith("."):
        return "begins or ends with a space or ends with a dot"
    if name.startswith("-") or name.startswith("~"):
        return "begins with a sign that programs read as an option or a home"
    if RESERVED.match(name):
        return "is reserved by Windows"
    return "is too long" if len(name.encode("utf-8")) > MOST_NAME_BYTES else None


def _unprintable(name: str) -> bool:
    """Control, format, private and unpaired signs; the joiners, which Hindi names need, are fine."""
    return any(
        unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp") and sign not in "\u200c\u200d"
        for sign in name
    )

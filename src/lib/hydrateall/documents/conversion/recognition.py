"""Text recognition of scanned pages by the program Tesseract, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

import pypdfium2

from hydrateall.documents.conversion.plain import escaped_line, tidied

PROGRAM = "tesseract"
ONE_THREAD = ("env", "OMP_THREAD_LIMIT=1")  # its threads wait for each other more than they read
SCALE = 300 / 72  # 300 dots an inch, for which Tesseract is trained
MOST_PIXELS = 20_000_000
LANGUAGES = {"en": "eng", "hi": "hin"}


@cache
def installed_languages() -> frozenset[str]:
    """Tesseract's names of the languages it can read here; empty where it is not installed."""
    path = shutil.which(PROGRAM)
    if path is None:
        return frozenset()
    answer = subprocess.run([path, "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
    return frozenset(line.strip() for line in answer.stdout.splitlines()[1:] if line.strip())


def missing(language: str) -> str | None:
    """What must be installed to read this language, as a remedy; None if nothing is."""
    known = installed_languages()
    if not known:
        return "Install Tesseract (Debian: tesseract-ocr and tesseract-ocr-hin), or send a version with text."
    wanted = LANGUAGES.get(language, "eng")
    if wanted not in known:
        return f"Install Tesseract's language {wanted} (Debian: tesseract-ocr-{wanted}), or send a version with text."
    return None


def recognise(page: pypdfium2.PdfPage, language: str, seconds: float) -> str:
    """The page's text: paragraphs of lines, without headings. Empty for a picture without letters."""
    path = shutil.which(PROGRAM) or PROGRAM
    answer = subprocess.run(
        [*ONE_THREAD, path, "stdin", "stdout", "-l", _languages(language), "--psm", "3"],
        input=_picture(page),
        capture_output=True,
        timeout=seconds,
        check=True,
    )
    lines = tidied(answer.stdout.decode("utf-8", "replace")).split("\n")
    return "\n".join(escaped_line(" ".join(line.split())) for line in lines).strip()


def _languages(language: str) -> str:
    """The document's language first, then English, which stands in Hindi books too."""
    wanted = dict.fromkeys([LANGUAGES.get(language, "eng"), "hin" if language == "hi" else "eng", "eng"])
    return "+".join(name for name in wanted if name in installed_languages())


def _picture(page: pypdfium2.PdfPage) -> bytes:
    """The page in grey as a PGM file, no larger than a page of paper needs."""
    width, height = page.get_size()
    scale = min(SCALE, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        rows = memoryview(bitmap.buffer)
        body = b"".join(
            bytes(rows[line * bitmap.stride : line * bitmap.stride + bitmap.width]) for line in range(bitmap.height)
        )
        return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + body
    finally:
        bitmap.close()

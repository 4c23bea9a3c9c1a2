"""Makes the PDF and DOCX files of include/samples/documents from the Markdown and the figures in its folder `sources`.

    uv run --no-project --with typst==0.15.0 --with python-docx==1.2.0 --with pikepdf --with pyyaml \
        --with markdown-it-py --with mdit-py-plugins benchmarks/build_samples.py

The Hindi PDF needs Noto Sans and Noto Sans Devanagari (Debian: fonts-noto-core). A second run writes the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin
from samples_as_docx import docx
from samples_as_pdf import pdf

SAMPLES = Path(__file__).resolve().parents[1] / "include" / "samples" / "documents"
BUILDERS = {".pdf": pdf, ".docx": docx}


def main() -> None:
    """Build what the manifest lists as PDF or DOCX, and print its sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=SAMPLES, help="another folder, to compare with what is committed")
    folder = parser.parse_args().to
    for entry in yaml.safe_load((SAMPLES / "manifest.yaml").read_text(encoding="utf-8")):
        build = BUILDERS.get(Path(entry["file"]).suffix)
        if build is not None:
            content = build(parsed(entry), entry, SAMPLES / "sources")
            (folder / entry["file"]).write_bytes(content)
            print(f"{entry['file']:<36} {len(content):>8,} bytes")


def parsed(entry: dict[str, Any]) -> SyntaxTreeNode:
    """The syntax tree of a document's source text."""
    reader = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    return SyntaxTreeNode(reader.parse((SAMPLES / entry["text"]).read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()

"""Text that is no content: placeholders, talk about the task, thinking aloud, and words for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hydrateall.validation.completeness import filled
from hydrateall.validation.schemas import Finding, NoteItem, QuestionItem

PLACEHOLDER = re.compile(
    r"(?i:lorem ipsum)|\b(?:TODO|TBD|FIXME|XXX)\b"
    r"|[\[<(]\s*(?i:insert|add|your|enter|write|put|figure here|diagram here|image|placeholder)\b[^\])>]{0,60}[\])>]"
    r"|\b(?i:insert|add|put) (?i:the |a |an |your )?(?i:text|name|image|diagram|figure|picture|question|answer|"
    r"explanation|option|example|content)s? here\b"
    r"|(?i:(?:^|[\[(:.] ?)to be (?:added|filled in|completed|written|decided)\b"
    r"|will be added later|coming soon|placeholder text)"
    r"|\{\{\s*[A-Za-z_]{3,}\s*\}\}|(?i:option text|sample text|question text here)"
    r"|\[\s*(?:यहाँ|चित्र|उत्तर|पाठ)[^\]]{0,60}\]|यहाँ (?:उत्तर|पाठ|चित्र|प्रश्न|नाम|उदाहरण) (?:लिखें|डालें|जोड़ें|लिखिए)"
    r"|बाद में (?:जोड़ा|लिखा|भरा) जाएगा"
)
META = re.compile(
    r"(?i:\bas an? (?:ai|artificial intelligence|large language model|language model|assistant)\b"
    r"|\bI(?:'m| am) (?:an? )?(?:ai|language model|assistant|sorry)\b"
    r"|\bI (?:cannot|can't|can not|will not) (?:help|assist|provide|answer|generate|create)\b"
    r"|</?think(?:ing)?>|```|\bhere(?: is|'s) (?:the|your|a) (?:json|question|answer|corrected|revised|updated)\b"
    r"|\b(?:the|this) (?:user|prompt|assignment|json|schema)\b (?:asks"
    r"|wants|says|requires|asked|schema|object|field|is)"
    r"|\blet me (?:re-?check|re-?calculate|re-?compute|think|know|try again|correct)\b|\b(?:wait|hmm|oops)[,.… ]"
    r"|\b(?:hope this helps|feel free to ask|as requested|as you requested|knowledge cutoff|training data)\b"
    r"|(?m:^)\s*(?:sure|certainly|of course)[,!])"
    r"|(?:एक|मैं) (?:एआई|ए\.?आई\.?|AI|कृत्रिम बुद्धिमत्ता|भाषा मॉडल)|AI मॉडल|(?:मुझे खेद है|क्षमा करें)[, ]"
    r"|रुकिए, फिर से (?:गणना|सोच)|मुझे (?:फिर से|दोबारा) (?:जाँच|सोच|गणना)"
)
# Characters that nobody sees, and by which a text can read otherwise than it looks; Hindi needs its joiners.
# In JSON, \times with one backslash is a tab and "imes"; \neq is a new line and "eq".
CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffd-\uffff\U000e0000-\U000e007f]"
    r"|\t(?=imes|ext|heta|an\b|riangle|o\b|frac|ag\b)|\n(?=eq\b|e\b|u\b|abla\b|ot\b)"
)
# One of these stands in every text that a pattern finds; looking for them first is ten times as fast.
PLACEHOLDER_SIGNS = (
    *("lorem", "todo", "tbd", "fixme", "xxx", "insert", "add", "your", "enter", "write", "put", "figure here", "image"),
    *("diagram here", "placeholder", "to be ", "will be added", "coming soon", "{{", "option text", "sample text"),
    *("text here", "[", "यहाँ", "बाद में"),
)
META_SIGNS = (
    *("as an ", "language model", "assistant", "i'm ", "i am ", "i cannot", "i can't", "i can not", "i will not"),
    *("think>", "thinking>", "```", "here is", "here's", "user", "prompt", "assignment", "json", "schema", "let me"),
    *("wait", "hmm", "oops", "hope this", "feel free", "as requested", "as you requested", "cutoff", "training data"),
    *("sure,", "sure!", "certainly", "of course", "एआई", "ए.", "ai ", "कृत्रिम", "भाषा मॉडल", "खेद", "क्षमा करें"),
    *("रुकिए", "मुझे"),
)
ANY: tuple[str, ...] = ("",)

WRONG_TEXT = (
    (PLACEHOLDER, PLACEHOLDER_SIGNS, "PLACEHOLDER", "holds the placeholder {!r}; write the real text."),
    (META, META_SIGNS, "META_TEXT", "speaks of the task or of yourself ({!r}); leave it out."),
    (CONTROL, ANY, "CONTROL_CHARACTER", "holds the control character {!r}; in JSON write LaTeX as \\\\frac."),
)


def no_meta_text(item: QuestionItem | NoteItem) -> Iterator[Finding]:
    """Find placeholders and sentences about the task instead of the topic."""
    folded = item.joined.lower()
    for pattern, signs, code, message in WRONG_TEXT:
        if not any(sign in folded for sign in signs) or not pattern.search(item.joined):
            continue
        for field, text in item.texts:
            if match := pattern.search(text):
                yield Finding(code, field, message.format(match[0].strip()))
    if isinstance(item, QuestionItem):
        for field, text in (
            ("learningObjective", item.question.learning_objective),
            ("tags", " ".join(item.question.tags)),
        ):
            if match := CONTROL.search(text):
                yield Finding("CONTROL_CHARACTER", field, f"holds the control character {match[0]!r}; leave it out.")


def no_empty_text(item: QuestionItem | NoteItem) -> Iterator[Finding]:
    """Find fields whose text is a word for nothing. The answer's fields have a gate of their own."""
    for field, text in item.texts:
        if not field.startswith("correctAnswer") and field != "questionText" and not filled(text):
            yield Finding("FIELD_EMPTY", field, "is empty or says null; write its text.")

"""Small parts of LaTeX that MathML and Office formulas share: signs as commands, groups in braces."""

from __future__ import annotations

import unicodedata

COMMANDS = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
    "σ": "sigma", "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma",
    "Δ": "Delta", "∆": "Delta", "Θ": "Theta", "Λ": "Lambda", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi",
    "Ω": "Omega", "×": "times", "·": "cdot", "⋅": "cdot", "÷": "div", "±": "pm", "∓": "mp", "≤": "le", "≥": "ge",
    "≠": "ne", "≈": "approx", "≡": "equiv", "∝": "propto", "∞": "infty", "→": "to", "←": "leftarrow",
    "⇌": "rightleftharpoons", "⇒": "Rightarrow", "∑": "sum", "∏": "prod", "∫": "int", "∬": "iint", "∮": "oint",
    "∂": "partial", "∇": "nabla", "√": "surd", "∠": "angle", "∥": "parallel", "⊥": "perp", "△": "triangle",
    "∈": "in", "∉": "notin", "∪": "cup", "∩": "cap", "⊂": "subset", "∀": "forall", "∃": "exists", "∴": "therefore",
    "…": "dots", "⋯": "cdots", "′": "prime", "∘": "circ", "ℓ": "ell", "ℏ": "hbar",
}  # fmt: skip
INVISIBLE = "\u2061\u2062\u2063\u2064\u200b"
PLAIN = {"−": "-", "∗": "*", "°": "^{\\circ}", "%": "\\%", "#": "\\#", "$": "\\$", "&": "\\&", "\u00a0": " "}
MATHEMATICAL_LETTERS = range(0x1D400, 0x1D800)  # 𝑣 is v, set in italics by its code


def symbol(text: str) -> str:
    """Each sign as LaTeX writes it."""
    return "".join(_sign(sign) for sign in text.strip("\n\t") if sign not in INVISIBLE)


def _sign(sign: str) -> str:
    if ord(sign) in MATHEMATICAL_LETTERS:
        sign = unicodedata.normalize("NFKC", sign)
    return f"\\{COMMANDS[sign]} " if sign in COMMANDS else PLAIN.get(sign, sign)


def group(text: str, *, short: bool = False) -> str:
    """The text in braces; `short` leaves them away around a single sign or command."""
    text = text.strip()
    return text if short and (len(text) <= 1 or (text[0] == "\\" and text[1:].isalpha())) else f"{{{text}}}"


def command(name: str, text: str) -> str:
    return f"\\{name}{{{text}}}"

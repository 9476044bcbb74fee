"""The one table of signs: how each is typed, written in LaTeX, drawn, and spaced.

What the tokens, the reader of LaTeX, both voices of `show`, `latex`, `typeset` and the prompt know of a sign
is made from its row. Of rows with one plain spelling the first is the one that is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from dlteach.values import frozen


class Kind(StrEnum):
    """What a thing in a row of mathematics is, for the space around it (TeXbook, ch. 17)."""

    ORD = "ord"
    OP = "op"
    BIN = "bin"
    REL = "rel"
    OPEN = "open"
    CLOSE = "close"
    PUNCT = "punct"
    SPACE = "space"
    BIG = "big"
    FRAC = "frac"


ORD, BIN, REL, OPEN, CLOSE = Kind.ORD, Kind.BIN, Kind.REL, Kind.OPEN, Kind.CLOSE


@frozen
class Sign:
    """One sign: the character drawn, its plain spelling ("" if it cannot be read), its LaTeX commands, look-alikes."""

    letter: str
    plain: str
    commands: str = ""
    kind: Kind = ORD
    twins: str = ""  # other characters that are read as this one


GREEK_SIGNS = (
    Sign("α", "alpha", "alpha"),
    Sign("β", "beta", "beta"),
    Sign("γ", "gamma", "gamma"),
    Sign("δ", "delta", "delta"),
    Sign("ε", "epsilon", "epsilon varepsilon", twins="ϵ"),
    Sign("ζ", "zeta", "zeta"),
    Sign("η", "eta", "eta"),
    Sign("θ", "theta", "theta"),
    Sign("ϑ", "theta", "vartheta"),
    Sign("ι", "iota", "iota"),
    Sign("κ", "kappa", "kappa"),
    Sign("λ", "lambda", "lambda"),
    Sign("μ", "mu", "mu", twins="µ"),
    Sign("ν", "nu", "nu"),
    Sign("ξ", "xi", "xi"),
    Sign("ο", "omicron"),
    Sign("π", "pi", "pi"),
    Sign("ρ", "rho", "rho"),
    Sign("σ", "sigma", "sigma"),
    Sign("ς", "sigma", "varsigma"),
    Sign("τ", "tau", "tau"),
    Sign("υ", "upsilon", "upsilon"),
    Sign("φ", "phi", "phi varphi", twins="ϕ"),
    Sign("χ", "chi", "chi"),
    Sign("ψ", "psi", "psi"),
    Sign("ω", "omega", "omega"),
    Sign("Γ", "Gamma", "Gamma"),
    Sign("Δ", "Delta", "Delta"),
    Sign("Θ", "Theta", "Theta"),
    Sign("Λ", "Lambda", "Lambda"),
    Sign("Ξ", "Xi", "Xi"),
    Sign("Π", "Pi", "Pi"),
    Sign("Σ", "Sigma", "Sigma"),
    Sign("Υ", "Upsilon", "Upsilon"),
    Sign("Φ", "Phi", "Phi"),
    Sign("Ψ", "Psi", "Psi"),
    Sign("Ω", "Omega", "Omega"),
)
READ_SIGNS = (
    Sign("−", "-", "", BIN, "–‐‑﹣"),
    Sign("·", "*", "cdot", BIN, "⋅∙"),
    Sign("×", "*", "times", BIN),
    Sign("∗", "*", "ast", BIN),
    Sign("÷", "/", "div", BIN, "∕⁄"),
    Sign("≤", "<=", "le leq leqslant", REL, "⩽"),
    Sign("≥", ">=", "ge geq geqslant", REL, "⩾"),
    Sign("≠", "!=", "ne neq", REL),
    Sign("<", "<", "lt", REL),
    Sign(">", ">", "gt", REL),
    Sign("≈", "~=", "approx", REL),
    Sign("±", "+-", "pm", BIN),
    Sign("→", "->", "to rightarrow", REL),
    Sign("∈", "in", "in", REL),
    Sign("∞", "oo", "infty"),
    Sign("ℝ", "R"),
    Sign("∂", "∂", "partial"),
    Sign("…", "..", "ldots dots"),
    Sign("′", "'", "prime", twins="’ʹ"),
    Sign("″", "''"),
    Sign("⟦", "[", "", OPEN),
    Sign("⟧", "]", "", CLOSE),
)


def _drawn(kind: Kind, pairs: str) -> Iterator[Sign]:
    words = iter(pairs.split())
    return (Sign(letter, "", command, kind) for command, letter in zip(words, words, strict=True))


DRAWN_SIGNS = (
    *_drawn(BIN, "mp ∓ odot ⊙ otimes ⊗ oplus ⊕ circ ∘ star ⋆ cup ∪ cap ∩ setminus ∖ wedge ∧ vee ∨"),
    *_drawn(REL, "equiv ≡ sim ∼ simeq ≃ cong ≅ ll ≪ gg ≫ subset ⊂ notin ∉ propto ∝ mid ∣ gets ← leftarrow ←"),
    *_drawn(REL, "longrightarrow ⟶ mapsto ↦ Rightarrow ⇒ implies ⇒ Leftrightarrow ⇔ iff ⇔"),
    *_drawn(ORD, "nabla ∇ cdots ⋯ vdots ⋮ ddots ⋱ forall ∀ exists ∃ ell ℓ hbar ℏ top ⊤ emptyset ∅ bullet •"),
    *_drawn(ORD, "checkmark ✓ Vert ‖ | ‖ colon : degree ° % % $ $ & & # # _ _"),
    *_drawn(OPEN, "langle ⟨ lfloor ⌊ lceil ⌈ lVert ‖ lvert | { { lbrace {"),
    *_drawn(CLOSE, "rangle ⟩ rfloor ⌋ rceil ⌉ rVert ‖ rvert | } } rbrace }"),
)
SIGNS = (*GREEK_SIGNS, *READ_SIGNS, *DRAWN_SIGNS)

# A Greek letter's name, by the letter or a look-alike; the letter of a name.
GREEK: Mapping[str, str] = {letter: row.plain for row in GREEK_SIGNS for letter in row.letter + row.twins}
GREEK_LETTER: Mapping[str, str] = {row.plain: row.letter for row in reversed(GREEK_SIGNS)}
# The plain spelling of a character that is not Greek, and the other way.
PLAIN: Mapping[str, str] = {letter: row.plain for row in READ_SIGNS for letter in row.letter + row.twins}
PRETTY: Mapping[str, str] = {row.plain: row.letter for row in reversed(READ_SIGNS)}
# What a LaTeX command is drawn as and read as; the command for a plain spelling.
COMMANDS: Mapping[str, Sign] = {command: row for row in SIGNS for command in row.commands.split()}
LATEX: Mapping[str, str] = {
    row.plain: f"\\{row.commands.split()[0]}" for row in reversed(SIGNS) if row.plain and row.commands
}

_RAISED = "0⁰ 1¹ 2² 3³ 4⁴ 5⁵ 6⁶ 7⁷ 8⁸ 9⁹ +⁺ -⁻ =⁼ (⁽ )⁾ nⁿ iⁱ xˣ kᵏ mᵐ aᵃ bᵇ tᵗ Tᵀ dᵈ uᵘ vᵛ pᵖ Lᴸ".split()  # noqa: SIM905
_LOWERED = "0₀ 1₁ 2₂ 3₃ 4₄ 5₅ 6₆ 7₇ 8₈ 9₉ +₊ -₋ =₌ (₍ )₎ aₐ eₑ hₕ iᵢ jⱼ kₖ lₗ mₘ nₙ oₒ pₚ rᵣ sₛ tₜ uᵤ vᵥ xₓ".split()  # noqa: SIM905
RAISED: Mapping[str, str] = {pair[0]: pair[1] for pair in _RAISED}
LOWERED: Mapping[str, str] = {pair[0]: pair[1] for pair in _LOWERED}
FRACTIONS: Mapping[str, str] = {
    "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "1/6": "⅙", "1/8": "⅛",
}  # fmt: skip
DOUBLE_STRUCK: Mapping[str, str] = dict(zip("RNZQCEP1", "ℝℕℤℚℂ𝔼ℙ𝟙", strict=True))

# LaTeX commands that are white space, and those that change nothing which is read or drawn here.
SPACES: Mapping[str, str] = {
    ",": " ", ";": " ", ":": " ", " ": " ", "!": "", "quad": "  ", "qquad": "    ", "thinspace": " ",
}  # fmt: skip
LAYOUT = frozenset(
    "displaystyle textstyle limits nolimits nonumber big Big bigg Bigg bigl bigr Bigl Bigr".split()  # noqa: SIM905
)

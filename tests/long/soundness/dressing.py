"""Other rows' statements in other dress: what is true or false stays so when both sides are moved, scaled or renamed.

Works on texts: `LEFT = RIGHT for CONDITIONS` is taken apart at bracket level 0 and put together in another way.
"""

from __future__ import annotations

import re
from random import Random

from tests.long.soundness.cases import ROWS, Case, Truth, row

OPEN, CLOSE = "([{", ")]}"


def outermost(text: str, word: str) -> list[int]:
    """The places of a word outside of all brackets and bars."""
    depth, found, bars = 0, [], False
    for i, letter in enumerate(text):
        if letter == "|":
            bars = not bars
        depth += (letter in OPEN) - (letter in CLOSE)
        if depth == 0 and not bars and text.startswith(word, i):
            found.append(i)
    return found


def parts(text: str) -> tuple[str, str, str] | None:
    """Left, right and conditions of a single equation; None for any other statement."""
    at = outermost(text, " for ")
    body, where = (text[: at[0]], text[at[0] + 5 :]) if at else (text, "")
    signs = [i for sign in (" = ", " < ", " > ", " <= ", " >= ", " != ", " ~= ") for i in outermost(body, sign)]
    if len(signs) != 1 or not body.startswith(" = ", signs[0]):
        return None
    return body[: signs[0]], body[signs[0] + 3 :], where


def names(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", text))


def joined(body: str, where: str, *more: str) -> str:
    conditions = ", ".join(part for part in (where, *more) if part)
    return body + (f" for {conditions}" if conditions else "")


def equation(chance: Random) -> tuple[Case, str, str, str] | None:
    """An equation of another row, taken apart."""
    others = [name for name in ROWS if not name.startswith("dressed/")]
    case = ROWS[chance.choice(others)].make(chance)
    if case is None or len(case.text) > 200:
        return None
    found = parts(case.text)
    if found is None or "oo" in names(found[0] + " " + found[1].replace("..oo", "").replace("> oo", "")):
        return None
    return case, *found


@row("dressed", share=10)
def moved_and_scaled(chance: Random) -> Case | None:
    """The same equation with both sides treated alike."""
    found = equation(chance)
    if found is None:
        return None
    case, left, right, where = found
    if {"k", "w"} & names(case.text):
        return None
    a, b = f"({left})", f"({right})"
    body, more = chance.choice(
        (
            (f"{right} = {left}", ""),
            (f"{left} - {b} = 0", ""),
            (f"0 = {right} - {a}", ""),
            (f"2*{a} = {b} + {b}", ""),
            (f"-{a} = -{b}", ""),
            (f"{a}/3 + 1 = 1 + {b}/3", ""),
            (f"{a}^3 = {b}^3", ""),
            (f"e^{a} = e^{b}", ""),
            (f"atan({left}) = atan({right})", ""),
            (f"k + {left} = k + {right}", ""),
            (f"k*{a} = {b}*k", "k > 0"),
            (f"k*{a} = {b}*k", "k in [1, 2]"),
            (f"{left} = w", f"w = {right}"),
            (f"{left} + w = {right} + w", "w integer"),
            (f"{{{left} if w > 0; {left} otherwise}} = {right}", ""),
            (f"{left} = {{{right} if k^2 >= 0; 0 otherwise}}", ""),
            (f"max({left}, {left}) = {right}", ""),
            (f"{left} = {right} + 0*w", ""),
            (f"{left} = {right}", "w > -1"),
            (f"{left} = {right} = {left}", ""),
        )
    )
    if "w = " in more and (("E[" in right and "z" in names(right)) or where):
        return None
    if body.startswith(("e^", "atan")) and case.truth is Truth.FALSE:
        return None  # a small difference far out would drown
    return Case(joined(body, where, more), case.truth, f"as {case.text}: {case.because}")


@row("dressed", share=5)
def as_an_inequality(chance: Random) -> Case | None:
    """A true equation gives inequalities; where nothing exists there is no inequality either."""
    found = equation(chance)
    if found is None:
        return None
    case, left, right, where = found
    a, b = f"({left})", f"({right})"
    match case.truth:
        case Truth.TRUE:
            body, truth = chance.choice(
                (
                    (f"{left} <= {right}", Truth.TRUE),
                    (f"{left} >= {right}", Truth.TRUE),
                    (f"{left} < {right} + 1/1000", Truth.TRUE),
                    (f"{left} ~= {right} +- 10^-9", Truth.TRUE),
                    (f"|{a} - {b}| <= 10^-9" if "|" not in left + right else f"{left} <= {right}", Truth.TRUE),
                    (f"{left} != {right}", Truth.FALSE),
                    (f"{left} < {right}", Truth.FALSE),
                    (f"{left} > {right} + 10^-12", Truth.FALSE),
                    (f"{left} = {right} + 10^-25", Truth.FALSE),
                    (f"{left} = {right} < {left}", Truth.FALSE),
                )
            )
        case Truth.EMPTY:
            sign = chance.choice(("<=", ">=", "<", ">", "!="))
            body, truth = f"{left} {sign} {right}", Truth.EMPTY
        case _:
            return None
    return Case(joined(body, where), truth, f"as {case.text}: {case.because}")


PROPERTIES = (
    "continuous",
    "smooth",
    "increasing",
    "decreasing",
    "convex",
    "concave",
    "bounded",
    "periodic",
    "odd",
    "even",
)
RENAMED = ("y", "t", "theta", "x_1", "u", "h", "n", "i", "k", "z", "z_1", "lambda", "a", "X", "j", "eps")


@row("dressed", share=4)
def renamed(chance: Random) -> Case | None:
    """x goes by another name, also by one that binders like to use, or that is noise inside E."""
    others = [name for name in ROWS if not name.startswith(("dressed/", "property/"))]
    case = ROWS[chance.choice(others)].make(chance)
    if case is None or "d/dx" in case.text or "/dx^" in case.text or case.text.startswith(PROPERTIES):
        return None
    if re.search(r"(sup|inf|argmin|argmax)\((?!.* in )", case.text):
        return None  # x is meant where no interval names it
    used = names(case.text)
    new = chance.choice(RENAMED)
    if "x" not in used or new in used or ("E[" in case.text and new.startswith("z")) or "Var[" in case.text:
        return None
    if new == "n" and "integer" in case.text:
        return None
    text = re.sub(r"(?<![A-Za-z_0-9])x(?![A-Za-z_0-9])", new, case.text)
    return Case(text, case.truth, f"as {case.text}: {case.because}")


@row("dressed", share=4)
def with_more_conditions(chance: Random) -> Case | None:
    """Conditions on other symbols, or such as change nothing."""
    name = chance.choice([name for name in ROWS if not name.startswith("dressed/")])
    case = ROWS[name].make(chance)
    if case is None:
        return None
    at = outermost(case.text, " for ")
    body, where = (case.text[: at[0]], case.text[at[0] + 5 :]) if at else (case.text, "")
    if {"k", "w"} & names(case.text):
        return None
    more = chance.choice(("k > 0", "w integer", "k in [0, 1]", "k < w", "w = 3", "w > 0, k = w^2", "1 < 2", "w != 0"))
    if chance.random() < 0.25 and case.truth in (Truth.TRUE, Truth.FALSE):
        more = chance.choice(("k > 0, k < 0", "w^2 < 0", "w integer, 0 < w < 1", "2 < 1", "w = 1, w = 2"))
        return Case(joined(body, where, more), Truth.EMPTY, "the conditions exclude each other")
    return Case(joined(body, where, more), case.truth, f"as {case.text}: {case.because}")


SIGNS_OF_PRINT = (
    ("<=", "≤"),
    (">=", "≥"),
    ("!=", "≠"),
    ("*", "·"),
    ("oo", "∞"),
    ("pi", "π"),
    ("sigmoid(", "σ("),
    ("Phi(", "Φ("),
    (" - ", " − "),
    ("^", "**"),
    ("~=", "≈"),
    ("+-", "±"),
    (" in ", " ∈ "),
    ("->", "→"),
)


@row("dressed", share=3)
def in_other_letters(chance: Random) -> Case | None:
    """The signs of print for those of the keyboard."""
    name = chance.choice([name for name in ROWS if not name.startswith("dressed/")])
    case = ROWS[name].make(chance)
    if case is None:
        return None
    text = case.text
    for typed, printed in SIGNS_OF_PRINT:
        if chance.random() < 0.5 and "d^" not in text:
            end = r"(?![A-Za-z_0-9])" if typed.isalpha() else ""
            pattern = rf"(?<![A-Za-z_]){re.escape(typed)}{end}" if typed[0].isalpha() else re.escape(typed)
            text = re.sub(pattern, lambda _, new=printed: new, text)
    return None if text == case.text else Case(text, case.truth, f"as {case.text}: {case.because}")


LINES = {  # what a property of f says of another function: the text, and whether a rising f makes a rising one
    "2*({f}) + 3": 1,
    "({f})/7 - 1": 1,
    "-({f})": -1,
    "1 - 3*({f})": -1,
}
TURNED = {"increasing": "decreasing", "decreasing": "increasing", "convex": "concave", "concave": "convex"}


@row("dressed", share=5)
def of_a_related_function(chance: Random) -> Case | None:
    """continuous, increasing, convex, bounded: of a multiple, of f moved, of an image under a rising function."""
    others = [name for name in ROWS if name.startswith(("property/", "joint/continuous"))]
    case = ROWS[chance.choice(others)].make(chance)
    found = (
        None
        if case is None
        else re.fullmatch(r"(continuous|increasing|decreasing|convex|concave|bounded)\((.*)\)", case.text)
    )
    if case is None or found is None or case.truth not in (Truth.TRUE, Truth.FALSE):
        return None
    kind, f = found.groups()
    if outermost(f, ", ") or outermost(case.text, " for ") or "'" in f or re.fullmatch(r"[a-z_0-9]+", f):
        return None
    match chance.randrange(4):
        case 0:
            form, sign = chance.choice(list(LINES.items()))
            text, kind = form.format(f=f), kind if sign > 0 else TURNED.get(kind, kind)
        case 1:
            inner, sign = chance.choice((("(x - 1)", 1), ("(2*x)", 1), ("(x/3 + 5)", 1), ("(-x)", -1), ("(1 - x)", -1)))
            if re.search(r"(int|sum|lim|sup|inf|argmin|argmax)\(", f):
                return None
            text = re.sub(r"(?<![A-Za-z_0-9])x(?![A-Za-z_0-9])", lambda _: inner, f)
            kind = TURNED[kind] if sign < 0 and kind in ("increasing", "decreasing") else kind
        case 2:
            if kind not in ("continuous", "increasing", "decreasing"):
                return None
            text = chance.choice(("tanh({f})", "atan({f})", "({f})^3", "asinh({f})", "cbrt({f})")).format(f=f)
        case _:
            if kind != "continuous":
                return None
            text = chance.choice(
                ("{f} + x^2", "x*0 + ({f})", "({f})*(1 + x^2)", "({f}) - e^-x", "({f})/cosh(x)")
            ).format(f=f)
    return Case(f"{kind}({text})", case.truth, f"as {case.text}: {case.because}")

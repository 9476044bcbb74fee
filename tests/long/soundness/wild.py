"""Random functions of every kind, and statements about them that a witness shows to be false.

Nothing is known of such a function but its values; so a statement is only made where points, steps of 1e-40 beside
them, or two neighbours without a value contradict it. A true statement is never made here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.long.soundness.cases import Case, Truth, row
from tests.long.soundness.equalities import number
from tests.long.soundness.terms import (
    FUNCTIONS,
    NEAR,
    ROUNDED,
    NoValue,
    Term,
    Unknown,
    X,
    Z,
    call,
    e_to,
    pieces,
    rational,
    term,
    test,
)

BARRED = ("max", "min", "clip", "prelu", "sec", "csc", "cot", "log10", "erfc", "sech")
ONE = [name for name in FUNCTIONS if name not in BARRED]
STEP = mpf(10) ** -40


def wild(chance: Random, depth: int) -> Term:
    """A random function of x."""
    if depth == 0:
        match chance.randrange(6):
            case 0:
                return X * rational(number(chance))
            case 1:
                return X + rational(number(chance))
            case 2:
                return rational(number(chance))
            case _:
                return X
    u = wild(chance, depth - 1)
    match chance.randrange(12):
        case 0:
            return u + wild(chance, chance.randrange(depth))
        case 1:
            return u * wild(chance, chance.randrange(depth))
        case 2:
            return u / wild(chance, chance.randrange(depth))
        case 3:
            return u - wild(chance, chance.randrange(depth))
        case 4:
            return call(chance.choice(("max", "min")), u, wild(chance, chance.randrange(depth)))
        case 5:
            v = wild(chance, chance.randrange(depth))
            where = test(wild(chance, 0), chance.choice(("<", "<=", ">", ">=", "=")), wild(chance, 0))
            return pieces([(u, where)], v if chance.random() < 0.85 else None)
        case 6:
            return u ** chance.choice(
                (2, 3, rational(-1), rational(0), rational(Fraction(1, 2)), rational(Fraction(1, 3)))
            )
        case 7:
            return chance.choice((e_to(u), term(0) ** u, u ** wild(chance, 0), rational(2) ** u))
        case _:
            return call(chance.choice(ONE), u)


PLACES = (
    [mpf(n) / 2 for n in range(-14, 15)]
    + [mpf(n) / 3 for n in (-10, -7, -2, -1, 1, 2, 5, 7)]
    + [mpf(n) for n in (10, 25, 100, 1000, -10, -25, -100, -1000)]
)


def values(f: Term) -> Iterator[tuple[Any, Any]]:
    """Places with the values there; None for certainly no value."""
    for x in PLACES:
        ROUNDED.clear()
        try:
            v = f(x=x)
        except NoValue:
            if not ROUNDED:
                yield x, None
            continue
        except (Unknown, OverflowError):
            continue
        if not ROUNDED and abs(v) < mpf(10) ** 30:
            yield x, v


def drawn(chance: Random) -> tuple[Term, dict[Any, Any]] | None:
    """A function that moves, with its values; none that is nearly a constant."""
    f = wild(chance, chance.choice((1, 2, 2, 3)))
    if len(f.text) > 90 or "x" not in f.text:
        return None
    found = dict(values(f))
    real = [v for v in found.values() if v is not None]
    return (f, found) if len(real) > 5 and max(real) - min(real) > NEAR else None


def shown(x: Any) -> str:
    return mp.nstr(x, 12)


def fraction(v: Any, digits: int, up: int) -> Fraction:
    """A decimal that is above (or below) a number by one to two units of its last place."""
    scaled = v * 10**digits
    return Fraction(int(mp.ceil(scaled)) + 1 if up > 0 else int(mp.floor(scaled)) - 1, 10**digits)


def jump(f: Term, x: Any) -> str:
    """What breaks continuity at x: a jump on one side; empty where nothing is seen."""
    with mp.workdps(150):
        try:
            at, left, right = f(x=x), f(x=x - STEP), f(x=x + STEP)
        except (NoValue, Unknown, OverflowError):
            return ""
        if abs(at) > 10**6:
            return ""
        return "jump" if max(abs(left - at), abs(right - at)) > mpf("0.001") else ""


def kink(f: Term, x: Any) -> bool:
    """Whether the slopes on both sides differ, or one is infinite; certain only for these steps."""
    with mp.workdps(150):
        try:
            at, left, right = f(x=x), f(x=x - STEP), f(x=x + STEP)
        except (NoValue, Unknown, OverflowError):
            return False
        a, b = (at - left) / STEP, (right - at) / STEP
        return bool(abs(a - b) > mpf("0.001") and max(abs(a), abs(b)) < 10**6)


@row("wild", share=8)
def bounds_that_are_passed(chance: Random) -> Case | None:
    found = drawn(chance)
    if found is None:
        return None
    f, at = found
    real = {x: v for x, v in at.items() if v is not None}
    place = chance.choice(
        (max(real, key=lambda x: real[x]), min(real, key=lambda x: real[x]), chance.choice(list(real)))
    )
    v = real[place]
    digits = chance.choice((1, 3, 8))
    below, above = fraction(v, digits, -1), fraction(v, digits, 1)
    text = chance.choice(
        (
            f"{f.text} <= {below}",
            f"{f.text} < {below}",
            f"{f.text} >= {above}",
            f"sup({f.text}) <= {below}",
            f"sup({f.text}) = {below}",
            f"inf({f.text}) >= {above}",
            f"inf({f.text}) = {above}",
            f"{f.text} = {above}",
            f"{f.text} <= {below} for x in [{place - 1}, {place + 1}]"
            if place == int(place)
            else f"{f.text} <= {below}",
            f"{f.text} ~= {below - 1} +- 1",
        )
    )
    text = text.replace(".0,", ",").replace(".0]", "]")
    return Case(text, Truth.FALSE, f"it is {shown(v)} at {shown(place)}")


@row("wild", share=8)
def properties_that_fail(chance: Random) -> Case | None:
    found = drawn(chance)
    if found is None:
        return None
    f, at = found
    missing = [x for x, v in at.items() if v is None]
    real = sorted((x, v) for x, v in at.items() if v is not None and abs(v) < 10**12)
    kinds: list[tuple[str, str]] = []
    if missing:
        why = f"no value at {shown(missing[0])}"
        kinds += [(kind, why) for kind in ("continuous", "increasing", "convex", "bounded", "smooth1", "odd", "even")]
    for (x, v), (y, w) in itertools.pairwise(real):
        gap = mpf(10) ** -20 * max(1, abs(v), abs(w))
        if w < v - gap:
            kinds.append(("increasing", f"it falls from {shown(x)} to {shown(y)}"))
        if w > v + gap:
            kinds.append(("decreasing", f"it rises from {shown(x)} to {shown(y)}"))
    for (x, u), (y, v), (t, w) in zip(real, real[1:], real[2:], strict=False):
        chord = u + (w - u) * (y - x) / (t - x)
        gap = mpf(10) ** -15 * max(1, abs(u), abs(v), abs(w))
        if v > chord + gap:
            kinds.append(("convex", f"above its chord at {shown(y)}"))
        if v < chord - gap:
            kinds.append(("concave", f"below its chord at {shown(y)}"))
    places = dict(real)
    for x, v in real:
        if -x in places and abs(places[-x] - v) > mpf(10) ** -20 * max(1, abs(v)):
            kinds.append(("even", f"two values at {shown(x)}"))
        if -x in places and abs(places[-x] + v) > mpf(10) ** -20 * max(1, abs(v)):
            kinds.append(("odd", f"no opposite values at {shown(x)}"))
        if abs(x) < 8 and jump(f, x):
            kinds += [("continuous", f"a jump at {shown(x)}"), ("smooth1", f"a jump at {shown(x)}")]
        elif abs(x) < 8 and kink(f, x):
            kinds.append(("smooth1", f"a kink at {shown(x)}"))
    if not kinds:
        return None
    wanted = chance.choice(sorted({kind for kind, _ in kinds}))
    why = next(why for kind, why in kinds if kind == wanted)
    text = f"smooth({f.text}, 1)" if wanted == "smooth1" else f"{wanted}({f.text})"
    nowhere = all(v is None for v in at.values())
    return Case(text, Truth.DIVERGENT if nowhere else Truth.FALSE, why)


@row("wild", share=5, heavy=True)
def slopes_and_limits_that_are_not(chance: Random) -> Case | None:
    found = drawn(chance)
    if found is None:
        return None
    f, at = found
    places = [x for x, v in at.items() if v is not None and abs(x) < 8 and x * 2 == int(x * 2)]
    chance.shuffle(places)
    for x in places:
        c = Fraction(int(x * 2), 2)
        torn = jump(f, x)
        if not torn and not kink(f, x):
            continue
        with mp.workdps(150):
            left, right = f(x=x - STEP), f(x=x + STEP)
            slope = (right - f(x=x)) / STEP
        if chance.random() < 0.6:
            guess = Fraction(0) if torn else Fraction(int(mp.nint(2 * slope)), 2)
            sign = chance.choice(("=", "=", "<=", ">=", "!="))
            return Case(f"d/dx ({f.text}) {sign} {guess} for x = {c}", Truth.EMPTY, f"{torn or 'kink'} at {c}")
        if abs(left - right) > mpf("0.001"):
            guess = Fraction(int(mp.nint(2 * left)), 2)
            return Case(f"lim({f.text}, x -> {c}) = {guess}", Truth.DIVERGENT, f"{shown(left)} and {shown(right)}")
    return None


@row("wild", share=5)
def integrals_of_gaps(chance: Random) -> Case | None:
    """Of a function that is not real on a stretch: several points in a row without a value."""
    f = wild(chance, chance.choice((1, 2, 2, 3)))
    if len(f.text) > 90 or "x" not in f.text:
        return None
    for start in (Fraction(-3), Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2)):
        points = [start + Fraction(n, 7) + Fraction(1, 97) for n in range(5)]
        missing = 0
        for p in points:
            ROUNDED.clear()
            try:
                f(x=mpf(p.numerator) / p.denominator)
            except NoValue:
                missing += not ROUNDED
            except (Unknown, OverflowError):
                continue
        if missing == len(points):
            v = chance.randint(-1, 2)
            sign = chance.choice(("=", "=", "<=", ">=", "<"))
            ends = f"x = {start - chance.choice((0, 1))}..{start + 1 + chance.choice((0, 2))}"
            what = chance.choice((f"int({f.text}, {ends})", f"E[{f.put('x', Z).text}]", f"int(0*({f.text}), {ends})"))
            v = 0 if "0*" in what else v
            truth = Truth.EMPTY if what.startswith("E") else Truth.DIVERGENT
            return Case(f"{what} {sign} {v}", truth, f"no value from {start} on")
    return None

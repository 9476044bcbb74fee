"""A statement whose truth is known by the way in which it was made, and the table of makers.

A maker takes a seeded `Random` and returns a `Case`, or None where chance built nothing of use (it is then called
again with the same source of chance). What was constructed is confirmed by mpmath before it counts; a maker that
contradicts itself raises `Mistaken`, which is this checker's fault and never the prover's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from mpmath import mp, mpf

from tests.long.soundness.terms import ROUNDED, SIGNS, Env, NoValue, Term, Test, Unknown


class Truth(StrEnum):
    """What is known of a statement."""

    TRUE = "true"  # it holds wherever its sides have values, and they have some
    FALSE = "false"  # it fails where all sides have values, or a property is not had
    DIVERGENT = "divergent"  # it is about a value that does not exist because something diverges or oscillates
    EMPTY = "empty"  # its conditions hold nowhere, or its sides have values nowhere together


class Mistaken(Exception):
    """The checker's own construction does not stand up to mpmath."""


@dataclass(frozen=True)
class Case:
    """A statement, its truth, and the fact that makes it so."""

    text: str
    truth: Truth
    because: str


Maker = Callable[[Random], Case | None]


@dataclass(frozen=True)
class Row:
    """One way of making statements of a kind; `heavy` ones are left out of the short run."""

    kind: str
    name: str
    make: Maker
    share: int = 1  # how often it comes in a run
    heavy: bool = False


ROWS: dict[str, Row] = {}


def row(kind: str, share: int = 1, heavy: bool = False) -> Callable[[Maker], Maker]:
    """Enter a maker in the table, under its kind and its function's name."""

    def enter(make: Maker) -> Maker:
        name = f"{kind}/{make.__name__.replace('_', '-')}"
        assert name not in ROWS, f"{name} is there already"
        ROWS[name] = Row(kind, name, make, share, heavy)
        return make

    return enter


def made(name: str, seed: int, index: int) -> Case:
    """The statement that a row, a seed and an index stand for; always the same one."""
    chance = Random(f"{seed}/{name}/{index}")
    for _ in range(1000):
        try:
            case = ROWS[name].make(chance)
        except (NoValue, Unknown, OverflowError, ZeroDivisionError):
            continue
        if case is not None:
            return case
    raise Mistaken(f"{name} made nothing in 1,000 attempts (seed {seed}, index {index})")


# ---- confirming pointwise statements -----------------------------------------------------------

SPECIAL = tuple(mpf(n) for n in ("0", "1", "-1", "0.5", "2", "-2", "10", "-10", "0.001", "-0.001"))
EXACT = mpf(10) ** -28  # relative; beside cancellations the sides are known to fewer digits than are carried


def values(of: Iterable[Term], env: Env) -> list[Any] | None:
    """All values at a point; None where one has none. Unknown passes through."""
    try:
        return [term.value(env) for term in of]
    except NoValue:
        return None


def same(a: Any, b: Any, size: Any = 0) -> bool:
    return bool(abs(a - b) <= EXACT * max(1, abs(a), abs(b), size))


def draw(chance: Random, names: Iterable[str], special: Iterable[Any] = ()) -> dict[str, Any]:
    """A point: a special place, a rational near 0, or one far out."""
    places = [*SPECIAL, *special]
    return {
        name: chance.choice(places)
        if chance.random() < 0.35
        else mpf(chance.randint(-4000, 4000)) / chance.choice((997, 101, 7))
        for name in names
    }


def agrees_everywhere(
    chance: Random,
    sides: tuple[Term, Term],
    sign: str,
    names: Iterable[str],
    where: Iterable[Test] = (),
    special: Iterable[Any] = (),
    points: int = 24,
    wanted: int = 3,
) -> bool:
    """Whether a relation that was built to be true is met at `wanted` points; raises Mistaken where it fails."""
    conditions, names, special = list(where), list(names), list(special)
    seen = 0
    for _ in range(points):
        env = draw(chance, names, special)
        ROUNDED.clear()
        try:
            if not all(condition.holds(env) for condition in conditions):
                continue
            found = values(sides, env)
        except (NoValue, Unknown, OverflowError):
            continue
        if found is None or ROUNDED:
            continue
        if not met(found, sign):
            found = steady(sides, env)
            if found is None:
                continue
            if not met(found, sign):
                raise Mistaken(f"{relation(sides[0], sign, sides[1])} at {shown(env)}: {[str(v)[:40] for v in found]}")
        seen += 1
    return seen >= min(wanted, points)


def steady(sides: Iterable[Term], env: Env) -> list[Any] | None:
    """The values at a precision at which they no longer change; None where there is none, or not so soon."""
    sides = list(sides)
    last: list[Any] | None = None
    for digits in (50, 2500, 1500):
        try:
            with mp.workdps(digits):
                found = values(sides, env)
        except (Unknown, OverflowError):
            return None
        if found is not None and last is not None and all(same(a, b) for a, b in zip(last, found, strict=True)):
            return found
        last = found
    return None


def met(found: list[Any], sign: str) -> bool:
    """Whether a relation holds between two values, or they are too near to say."""
    a, b = found
    return same(a, b) or (sign != "=" and SIGNS[sign](a, b))


PARTIAL = ("sqrt", "ln", "log", "asin", "acos", "atanh", "lambertw", "/", "^")


def fails_at(sides: tuple[Term, Term], sign: str, env: Env, where: Iterable[Test] = (), tight: bool = False) -> bool:
    """Whether a relation is false at a point where its conditions hold and both sides have values.

    `tight`: the sides are known to be equal there, so that a difference by rounding counts as none.
    """
    try:
        if not all(condition.holds(env) for condition in where):
            return False
        ROUNDED.clear()
        found = values(sides, env)
        if ROUNDED and any(word in side.text for side in sides for word in PARTIAL):
            return False  # whether they have values at all may be a matter of rounding
        if found is None or not unmet(found, sign, tight):
            return False
        found = steady(sides, env)
        return found is not None and unmet(found, sign, tight)
    except (NoValue, Unknown, OverflowError):
        return False


def unmet(found: list[Any], sign: str, tight: bool) -> bool:
    """Whether two values fail a relation by more than rounding can explain."""
    a, b = found
    size = max(1, abs(a), abs(b))
    if size > mpf(10) ** 12:
        return False
    if tight and same(a, b):
        return sign in ("<", ">", "!=")
    return (abs(a - b) > mpf(10) ** -32 * size or a == b) and not SIGNS[sign](a, b)


def shown(env: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in env.items())


def relation(left: Term, sign: str, right: Term, where: Iterable[Test] = ()) -> str:
    """The text of a statement."""
    conditions = ", ".join(condition.text for condition in where)
    return f"{left.text} {sign} {right.text}" + (f" for {conditions}" if conditions else "")

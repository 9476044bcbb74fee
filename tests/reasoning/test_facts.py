"""The table of facts: every built-in function has a row, and mpmath agrees with each entry at and beside its ends."""

from collections.abc import Iterator
from itertools import pairwise

import mpmath as mp
import pytest

from dlteach.notation.names import BUILTINS
from dlteach.notation.reader import read
from dlteach.notation.tree import Call, Constant, Expr, Negative, Number, Power, Product, Quotient, Sum, Symbol, symbols
from dlteach.reasoning.algebra.domains import CONSTRUCTS
from dlteach.reasoning.algebra.facts import FACTS, Facts, Growth, relations

if missing := BUILTINS.keys() ^ FACTS.keys():
    raise LookupError(f"functions without facts, or facts without a function: {sorted(missing)}")
if missing_rows := set(Expr.__subclasses__()) ^ CONSTRUCTS.keys():
    raise LookupError(f"constructs without a row of obligations: {missing_rows}")

OWN = {  # what mpmath calls otherwise, or knows with other conventions
    "ln": mp.log, "log": mp.log, "log2": lambda u: mp.log(u, 2), "log10": mp.log10, "abs": abs, "sign": mp.sign,
    "cbrt": lambda u: mp.sign(u) * abs(u) ** (mp.mpf(1) / 3), "min": min, "max": max,
    "acot": lambda u: mp.atan(1 / u) if u else mp.pi / 2, "Phi": mp.ncdf, "phi": mp.npdf,
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
}  # fmt: skip
ROWS = [row for row in FACTS.values() if row.name not in ("min", "max")]
BESIDE = mp.mpf(10) ** -9
with mp.workdps(60):
    GRID = [mp.mpf(n) / 8 for n in range(-40, 41)] + [mp.pi / 2, -mp.pi / 2, mp.pi, -1 / mp.e]


def value(name: str, u: mp.mpf) -> mp.mpf | None:
    """f(u), or None where it is no real number."""
    try:
        found = OWN.get(name, getattr(mp, name, None))(u)
    except (ZeroDivisionError, ValueError):
        return None
    if isinstance(found, mp.mpc):
        found = found.real if abs(found.imag) < mp.mpf(10) ** -25 * (1 + abs(found)) else mp.nan
    return None if mp.isnan(found) or mp.isinf(found) or abs(found) > mp.mpf(10) ** 15 > abs(u) ** 2 else found


def worked_out(expr: Expr, env: dict[str, mp.mpf]) -> mp.mpf:
    """A formula of the table by mpmath alone."""
    inner = [worked_out(child, env) for child in expr.children()]
    match expr:
        case Number(exact):
            return mp.mpf(exact.numerator) / exact.denominator
        case Symbol(name):
            return env[name]
        case Constant(name):
            return {"pi": mp.pi(), "e": mp.e(), "oo": mp.inf}[name]
        case Negative():
            return -inner[0]
        case Sum():
            return mp.fsum(inner)
        case Product():
            return mp.fprod(inner)
        case Quotient():
            return inner[0] / inner[1]
        case Power():
            return inner[0] ** inner[1]
        case Call(name):
            found = value(name, inner[0])
            assert found is not None
            return found
    raise LookupError(f"no formula of the table should contain {expr}")


def met(text: str, env: dict[str, mp.mpf]) -> bool:
    """Whether the relations of a text hold; what is nearer than 1e-30 counts as equal."""
    for relation in relations(text):
        sides = [worked_out(side, env) for side in relation.sides]
        for sign, a, b in zip(relation.signs, sides, sides[1:], strict=False):
            near = abs(a - b) <= mp.mpf(10) ** -30
            if not {"<": a < b, "<=": a < b or near, ">": a > b, ">=": a > b or near, "!=": not near}[sign]:
                return False
    return True


def probes(row: Facts) -> Iterator[mp.mpf]:
    """A grid, and points at and close beside each place where a relation of the row may change."""
    yield from GRID
    for text in (row.real, row.continuous, row.smooth):
        for relation in relations(text):
            for side in relation.sides:
                if not symbols(side):
                    place = worked_out(side, {})
                    yield from (place - BESIDE, place + BESIDE, BESIDE - place)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_function_is_real_just_where_its_row_says(row: Facts) -> None:
    with mp.workdps(60):
        for u in probes(row):
            assert met(row.real, {"u": u}) == (value(row.name, u) is not None), u


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_its_values_lie_in_the_range(row: Facts) -> None:
    with mp.workdps(60):
        for u in probes(row):
            v = value(row.name, u)
            assert v is None or met(row.values, {"v": v}), u


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_slope_is_the_derivative_just_where_it_is_smooth(row: Facts) -> None:
    with mp.workdps(60):
        h = mp.mpf(10) ** -20
        for u in probes(row):
            sides = [value(row.name, u + step) for step in (-h, mp.mpf(0), h)]
            if not met(row.smooth, {"u": u}):
                left, right = (None if None in (a, b) else (b - a) / h for a, b in pairwise(sides))
                assert left is None or right is None or abs(left) > 10**8 or abs(left - right) > mp.mpf(10) ** -6, u
                continue
            assert None not in sides
            slope = worked_out(read(row.slope), {"u": u})
            numeric = (sides[2] - sides[0]) / (2 * h)
            assert abs(slope - numeric) <= mp.mpf(10) ** -6 * (1 + abs(slope)), u


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_it_jumps_just_where_it_is_real_but_not_continuous(row: Facts) -> None:
    with mp.workdps(60):
        h = mp.mpf(10) ** -24
        for u in probes(row):
            here = value(row.name, u)
            if here is None:
                continue
            beside = [v for v in (value(row.name, u - h), value(row.name, u + h)) if v is not None]
            jumps = any(abs(v - here) > mp.mpf(10) ** -6 * (1 + abs(here)) for v in beside)
            assert jumps != met(row.continuous, {"u": u}), u


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_it_rises_or_falls_as_its_row_says(row: Facts) -> None:
    with mp.workdps(60):
        slopes = [worked_out(read(row.slope), {"u": u}) for u in GRID if met(row.smooth, {"u": u})]
        if row.direction:
            assert all(slope * row.direction >= 0 for slope in slopes)
        elif row.name != "acot":  # which falls on both sides of a jump upwards
            assert min(slopes) < 0 < max(slopes)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_it_tends_to_what_its_row_says_at_the_ends(row: Facts) -> None:
    with mp.workdps(60):
        for end, limit in row.limits().items():
            wanted = worked_out(limit, {})
            if end.endswith("oo"):
                near = [-step if end == "-oo" else step for step in (mp.mpf(10) ** 3, mp.mpf(10) ** 6)]
            else:
                place = worked_out(read(end[:-1]), {})
                near = [place + step * (1 if end[-1] == "+" else -1) for step in (mp.mpf(10) ** -9, mp.mpf(10) ** -18)]
            a, b = (OWN.get(row.name, getattr(mp, row.name, None))(u) for u in near)
            if mp.isinf(wanted):
                assert mp.sign(b) == mp.sign(wanted) and abs(b) > abs(a) > 2, (end, a, b)
            else:
                assert abs(b - wanted) < mp.mpf(10) ** -5 and abs(b - wanted) <= abs(a - wanted), (end, a, b)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_it_grows_no_faster_than_its_row_says(row: Facts) -> None:
    """With the factor 4; a row without a bound does exceed it somewhere near a finite end."""
    bounds = {
        Growth.BOUNDED: lambda u: mp.mpf(1),
        Growth.LOGARITHMIC: lambda u: 1 + mp.log(1 + abs(u)),
        Growth.LINEAR: lambda u: 1 + abs(u),
        Growth.EXPONENTIAL: lambda u: mp.exp(abs(u)),
    }
    ends = [worked_out(read(end[:-1]), {}) for end in row.limits() if not end.endswith("oo")]
    with mp.workdps(60):
        near = [end + s * mp.mpf(10) ** -k for end in ends for s in (-1, 1) for k in (9, 20)]
        points = [*GRID, *near, mp.mpf(10) ** 4, -(mp.mpf(10) ** 4)]
        sizes = [(u, abs(v)) for u in points if (v := value(row.name, u)) is not None]
        if row.growth in bounds:
            assert all(size <= 4 * bounds[row.growth](u) for u, size in sizes)
        else:
            assert any(size > 4 * (1 + abs(u)) for u, size in sizes)

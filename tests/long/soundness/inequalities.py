"""Kind 3: inequalities that are true by construction, tight ones, and the same with a sliver of falsity."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from mpmath import mpf

from tests.long.soundness.cases import Case, Truth, agrees_everywhere, fails_at, relation, row
from tests.long.soundness.equalities import affine, number, pair, place, positive, written
from tests.long.soundness.terms import (
    PI,
    Term,
    Test,
    X,
    Y,
    absolute,
    between,
    call,
    e_to,
    exact,
    pieces,
    rational,
    term,
    test,
)

# left, sign, right, the sign and bound of x where it is meant (empty: the line), where it is tight
Known = tuple[Term, str, Term, tuple[str, int] | None, Term | None]

KNOWN: list[Known] = [
    (e_to(X), ">=", 1 + X, None, term(0)),
    (call("ln", X), "<=", X - 1, (">", 0), term(1)),
    (call("ln", 1 + X), "<=", X, (">", -1), term(0)),
    (X * call("ln", X), ">=", -e_to(term(-1)), (">", 0), e_to(term(-1))),
    (call("ln", X) / X, "<=", e_to(term(-1)), (">", 0), e_to(term(1))),
    (call("tanh", X), "<=", X, (">=", 0), term(0)),
    (call("sin", X), "<=", X, (">=", 0), term(0)),
    (call("cos", X), ">=", 1 - X**2 / 2, None, term(0)),
    (call("sigmoid", X), "<", term(1), None, None),
    (call("swish", X), "<=", call("relu", X), None, term(0)),
    (call("gelu", X), "<=", call("relu", X), None, term(0)),
    (call("softplus", X), ">", call("relu", X), None, None),
    (call("softplus", X), "<=", call("relu", X) + call("ln", term(2)), None, term(0)),
    (call("cosh", X), "<=", e_to(X**2 / 2), None, term(0)),
    (X * (1 - X), "<=", rational(Fraction(1, 4)), None, rational(Fraction(1, 2))),
    (X / (1 + X**2), "<=", rational(Fraction(1, 2)), None, term(1)),
    (absolute(call("atan", X)), "<", PI / 2, None, None),
    (call("atan", X), "<=", X, (">=", 0), term(0)),
    (1 - call("Phi", X), "<=", e_to(-(X**2) / 2) / 2, (">=", 0), term(0)),
    (1 - call("Phi", X), "<", call("phi", X) / X, (">", 0), None),
    (absolute(call("erf", X)), "<", term(1), None, None),
    (call("sqrt", X), "<=", (1 + X) / 2, (">=", 0), term(1)),
    (X**4 + 3, ">=", 4 * X, None, term(1)),
    (call("floor", X), "<=", X, None, term(0)),
    (call("ceil", X), "<", X + 1, None, None),
    (call("hardtanh", X) ** 2, "<=", X**2, None, term(0)),
    (call("mish", X), "<=", call("relu", X), None, term(0)),
    (absolute(call("softsign", X)), "<", term(1), None, None),
    (call("sinh", X), ">=", X, (">=", 0), term(0)),
    (e_to(-X) * X, "<=", e_to(term(-1)), None, term(1)),
    (X**2 * e_to(-X), "<=", 4 * e_to(term(-2)), (">=", 0), term(2)),
    (call("logsigmoid", X), "<", term(0), None, None),
    (call("celu", X, term(2)), ">", term(-2), None, None),
    (call("elu", X), ">=", X, None, term(0)),
    (call("max", X, 1 - X), ">=", rational(Fraction(1, 2)), None, rational(Fraction(1, 2))),
    (absolute(X - 1) + absolute(X + 1), ">=", term(2), None, term(0)),
    (call("relu", X) + call("relu", -X), ">=", X, None, term(3)),
    (call("asin", X), ">=", X, (">=", 0), term(0)),
    ((1 + X) ** 3, ">=", 1 + 3 * X, (">=", -1), term(0)),
    (e_to(X), ">", X**2, (">=", 0), None),
    (call("tanh", X) ** 2, "<", term(1), None, None),
    (call("sinc", X), "<=", term(1), None, term(0)),
    (X**2 - 2 * call("sqrt", term(2)) * X + 2, ">=", term(0), None, call("sqrt", term(2))),
    ((X**2 - 2) ** 2, ">=", term(0), None, call("sqrt", term(2))),
    ((X**3 - X - 1) ** 2 + absolute(X), ">", term(0), None, None),
    (call("lambertw", X), "<=", X, (">=", 0), term(0)),
]

STRICT = {"<=": "<", ">=": ">"}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _moved(chance: Random, known: Known) -> tuple[Term, Term, list[Test], Term | None]:
    """A known inequality after an affine change of its variable, and where it is tight."""
    left, _, right, domain, tight = known
    p, q = chance.choice((1, 1, 1, 2, Fraction(1, 3), -1)), chance.choice((0, 0, 0, 1, -5, Fraction(22, 7), 1000))
    if p == 1 and q == 0:
        inner = X
    elif p == 1:
        inner = X - rational(q)
    else:
        inner = rational(p) * (X - rational(q)) if q else rational(p) * X
    left, right = left.put("x", inner), right.put("x", inner)
    where: list[Test] = []
    if domain:
        sign, end = domain
        flipped = {">": "<", ">=": "<="}[sign] if p < 0 else sign
        where = [test(X, flipped, rational(Fraction(end) / p + q))]
    at = None if tight is None else tight / rational(p) + rational(q)
    return left, right, where, at


@row("inequality", share=4)
def known_ones_moved(chance: Random) -> Case | None:
    known = chance.choice(KNOWN)
    left, right, where, at = _moved(chance, known)
    sign = known[1]
    extra = chance.choice((X, call("sin", X), X**2, call("tanh", X), rational(number(chance))))
    if chance.random() < 0.3:
        left, right = left + extra, right + extra
    if not agrees_everywhere(chance, (left, right), sign, ["x"], where, [at()] if at else []):
        return None
    return Case(relation(left, sign, right, where), Truth.TRUE, "a known inequality in other coordinates")


@row("inequality", share=3)
def strict_where_it_is_tight(chance: Random) -> Case | None:
    known = chance.choice([known for known in KNOWN if known[4] is not None])
    left, right, where, at = _moved(chance, known)
    assert at is not None
    sign = known[1]
    match chance.randrange(3):
        case 0:
            sign, env = STRICT[sign], {"x": at()}
        case 1:
            tiny = rational(Fraction(1, 10 ** chance.choice((3, 9, 15, 25))))
            right = right + tiny if sign == ">=" else right - tiny
            env = {"x": at()}
        case _:
            sign, env = "!=", {"x": at()}
    if not fails_at((left, right), sign, env, where, tight=True):
        return None
    return Case(relation(left, sign, right, where), Truth.FALSE, f"it fails at x = {at.text}")


@row("inequality", share=4)
def with_a_sliver_of_falsity(chance: Random) -> Case | None:
    known = chance.choice(KNOWN)
    left, right, where, _ = _moved(chance, known)
    sign = known[1]
    c, _kind = place(chance)
    width = rational(Fraction(1, chance.choice((2, 1000, 10**6, 10**12))))
    wrong = right + 1 if sign[0] == "<" else right - 1
    wrong = wrong + (left - right)
    match chance.randrange(4):
        case 0:
            left, at = pieces([(wrong, between(c, X, c + width))], left), c + width / 2
        case 1:
            left, at = pieces([(wrong, test(X, "=", c))], left), c
        case 2:
            left, at = pieces([(wrong, test(absolute(X - c), "<=", width))], left), c
        case _:
            left, at = pieces([(left, test(X, "<", c)), (left, test(X, ">", c))], wrong), c
    left = pieces([(left, test(X, "<", c + 2))], left) if chance.random() < 0.2 else left
    if not fails_at((left, right), sign, {"x": at()}, where):
        # `wrong` lies only 1 beyond the *left* side: where there is much room between the sides it is still true
        return None
    return Case(relation(left, sign, right, where), Truth.FALSE, f"it fails at x = {at.text}")


@row("inequality", share=2)
def squares_and_a_constant(chance: Random) -> Case | None:
    names = (X, Y) if chance.random() < 0.4 else (X,)
    u, p = pair(chance, names, chance.choice((0, 1)))[0], pair(chance, names, 0)[0]
    c = Fraction(chance.choice((1, 1, 2, 7)), chance.choice((1, 10, 10**9, 10**20)))
    left = u**2 + (p - chance.choice((0, 1, 5))) ** 2 * chance.choice((1, 3)) + written(chance, c)
    sign, right = chance.choice(((">", term(0)), (">=", rational(c)), (">", rational(c / 2))))
    if len(left.text) > 150 or not agrees_everywhere(chance, (left, right), sign, [n.text for n in names]):
        return None
    return Case(relation(left, sign, right), Truth.TRUE, "squares are not negative")


@row("inequality", share=2)
def squares_that_vanish(chance: Random) -> Case | None:
    """A sum of squares less a little, or strictly above a value that it takes at one point."""
    c, _ = place(chance)
    u = chance.choice((X - c, 1 - X / (c + 100), call("tanh", X - c), e_to((X - c) / 10**6) - 1))
    at = c if u.text != (1 - X / (c + 100)).text else c + 100
    match chance.randrange(3):
        case 0:
            left, sign, right = u**2, ">", term(0)
        case 1:
            left, sign, right = u**2 - rational(Fraction(1, 10**20)), ">=", term(0)
        case _:
            left, sign, right = absolute(u), "!=", term(0)
    if not fails_at((left, right), sign, {"x": at()}):
        return None
    return Case(relation(left, sign, right), Truth.FALSE, f"it fails at x = {at.text}")


@row("inequality", share=3)
def ends_of_a_domain(chance: Random) -> Case | None:
    """A monotone function on a span: the bound is met at a closed end, not at an open one."""
    a = number(chance)
    b = a + positive(chance)
    f = chance.choice((X, X**3, e_to(X), call("tanh", X), call("atan", X), 2 * X + 1, call("sinh", X), call("Phi", X)))
    low, high = chance.choice(("<", "<=")), chance.choice(("<", "<="))
    where = [between(rational(a), X, rational(b), (low, high))]
    top = f.put("x", rational(b))
    sign = chance.choice(("<", "<="))
    right = top
    truth = Truth.FALSE if sign == "<" and high == "<=" else Truth.TRUE
    if chance.random() < 0.3:
        right, truth = top - rational(Fraction(1, 10 ** chance.choice((6, 12)))), Truth.FALSE
        env = {"x": exact(b) - mpf(10) ** -20}
        if not fails_at((f, right), sign, env, where):
            return None
    elif truth is Truth.FALSE and not fails_at((f, right), sign, {"x": exact(b)}, where):
        return None
    return Case(relation(f, sign, right, where), truth, f"the function rises to its value at the end {b}")


@row("inequality", share=2)
def far_out(chance: Random) -> Case | None:
    """A bound that is passed only far out, or a growing function that passes any bound."""
    n = chance.choice((3, 6, 9, 12, 15))
    big = rational(10**n)
    choices: list[tuple[Term, str, Term, Term | None]] = [
        (X, "<", big, big),
        (X**2 / big, "<", X + big, big * 10),
        (call("sqrt", X), "<", rational(10 ** (n // 3)), rational(10 ** (2 * (n // 3) + 1))),
        (call("ln", X), "<", rational(n), e_to(term(n))),
        (X**3, ">", 10 * X**2 - big, None),
        (e_to(-X), ">", 1 / big, rational(3 * n)),
        (1 / X, ">", 1 / big, big),
        (X - call("sin", X), "<", big, big + 2),
        (call("floor", X), "<", big, big),
        (call("atan", X), "<", PI / 2 - 1 / big, 10 * big),
        (call("tanh", X), "<", 1 - 1 / big, rational(6 * n)),
        (X * call("sin", X), "<", big, PI * (2 * 10**n + 1) / 2 * 1 if n % 2 == 0 else PI * (4 * 10**n + 1) / 2),
    ]
    left, sign, right, at = chance.choice(choices)
    where = [test(X, ">", 0)]
    if at is None or not fails_at((left, right), sign, {"x": at()}, where):
        return None
    return Case(relation(left, sign, right, where), Truth.FALSE, f"it fails at x = {at.text}")


TWO: list[tuple[Term, str, Term, list[Test]]] = [
    (absolute(X + Y), "<=", absolute(X) + absolute(Y), []),
    (2 * X * Y, "<=", X**2 + Y**2, []),
    ((X + Y) ** 2, "<=", 2 * X**2 + 2 * Y**2, []),
    (call("sqrt", X * Y), "<=", (X + Y) / 2, [test(X, ">=", 0), test(Y, ">=", 0)]),
    (call("max", X, Y), "<=", call("ln", e_to(X) + e_to(Y)), []),
    (call("ln", e_to(X) + e_to(Y)), "<=", call("max", X, Y) + call("ln", term(2)), []),
    (absolute(call("relu", X) - call("relu", Y)), "<=", absolute(X - Y), []),
    (absolute(call("tanh", X) - call("tanh", Y)), "<=", absolute(X - Y), []),
    (absolute(call("sin", X) - call("sin", Y)), "<=", absolute(X - Y), []),
    (call("relu", X + Y), "<=", call("relu", X) + call("relu", Y), []),
    (e_to((X + Y) / 2), "<=", (e_to(X) + e_to(Y)) / 2, []),
    (X * Y, "<=", rational(Fraction(1, 4)), [test(X, ">=", 0), test(Y, ">=", 0), test(X + Y, "<=", 1)]),
    (call("min", X, Y), "<=", call("max", X, Y), []),
    (absolute(absolute(X) - absolute(Y)), "<=", absolute(X - Y), []),
    (X**2 + X * Y + Y**2, ">=", term(0), []),
    (X**4 + Y**4, ">=", X**3 * Y + X * Y**3, []),
    (call("sigmoid", X), "<=", call("sigmoid", Y), [test(X, "<=", Y)]),
    (X**2 + Y**2, "<=", term(2), [between(-1, X, 1, ("<=", "<=")), between(-1, Y, 1, ("<=", "<="))]),
    (call("sqrt", X**2 + Y**2), "<=", absolute(X) + absolute(Y), []),
    (X * call("ln", X / Y), ">=", X - Y, [test(X, ">", 0), test(Y, ">", 0)]),
]


@row("inequality", share=2)
def in_two_variables(chance: Random) -> Case | None:
    left, sign, right, where = chance.choice(TWO)
    if chance.random() < 0.5:
        extra = affine(chance, (X, Y))
        left, right = left + extra, right + extra
    special = [exact(Fraction(n, 4)) for n in range(-4, 5)]
    if not agrees_everywhere(chance, (left, right), sign, ["x", "y"], where, special, points=60):
        return None
    return Case(relation(left, sign, right, where), Truth.TRUE, "a known inequality in two variables")


@row("inequality", share=2)
def in_two_variables_but_not_quite(chance: Random) -> Case | None:
    left, sign, right, where = chance.choice(TWO)
    c = rational(chance.choice((Fraction(1, 3), Fraction(22, 7), Fraction(1, 2), Fraction(0), Fraction(1))))
    match chance.randrange(3):
        case 0:
            sign, env = STRICT[sign], {"x": c(), "y": c()}
        case 1:
            wrong = right - 1 if sign == "<=" else right + 1
            extra = left - right
            left = pieces([(wrong + extra + (2 if sign == "<=" else -2), test(X, "=", c))], left)
            env = {"x": c(), "y": c()}
        case _:
            tiny = rational(Fraction(1, 10 ** chance.choice((3, 8, 14))))
            right = right - tiny if sign == "<=" else right + tiny
            env = {"x": c(), "y": c()}
    for y in (env["y"], -env["y"], mpf(0)):
        env["y"] = y
        if fails_at((left, right), sign, env, where, tight=sign in ("<", ">")):
            return Case(relation(left, sign, right, where), Truth.FALSE, f"it fails at x = {c.text}, y = {y}")
    return None


@row("inequality", share=2)
def branches_not_taken(chance: Random) -> Case | None:
    """A piecewise whose untaken branch is not real there: nothing is cut away by it."""
    k, m = chance.randint(5, 60), chance.randint(61, 99)
    branch = chance.choice((1 + call("ln", 1 + X), call("sqrt", X + 2), call("atanh", X / 1000), 1 / (X + k)))
    poly = (X + k) * (X + m) + chance.choice((1, 1, 500, 10**4))
    left = pieces([(branch, test(X, ">=", 0))], poly)
    middle = -Fraction(k + m, 2)
    where = [test(X, "<=", chance.choice((0, 5, 100)))] if chance.random() < 0.7 else []
    if fails_at((left, term(0)), ">", {"x": exact(middle)}, where):
        return Case(relation(left, ">", term(0), where), Truth.FALSE, f"it fails at x = {middle}")
    if not where or "atanh" in branch.text or not agrees_everywhere(chance, (left, term(0)), ">", ["x"], where):
        return None
    return Case(relation(left, ">", term(0), where), Truth.TRUE, "each branch is positive where it counts")

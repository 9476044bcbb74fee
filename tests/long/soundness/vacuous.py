"""Kind 12: what has no value: a true or false statement to which a part is added that exists nowhere, or somewhere."""

from __future__ import annotations

from random import Random

from tests.long.soundness.cases import Case, Truth, agrees_everywhere, draw, fails_at, relation, row
from tests.long.soundness.equalities import pair, positive
from tests.long.soundness.inequalities import KNOWN
from tests.long.soundness.terms import NoValue, Term, Unknown, X, Y, absolute, call, e_to, rational, term, test


def _negative(chance: Random) -> Term:
    """A function that is negative everywhere."""
    c = rational(positive(chance))
    return chance.choice(
        (
            -c - X**2,
            -e_to(X),
            call("sin", X) - 1 - c,
            -absolute(X) - c,
            -call("cosh", X),
            -call("softplus", X),
            call("tanh", X) - 1,
            call("sigmoid", X) - 1 - c,
            -1 / (1 + X**2),
            X - call("sqrt", X**2 + c),
            call("Phi", X) - 1,
            rational(-1) + 0 * X,
            X - e_to(X),
            call("floor", X) - X - c,
            -(X**2) - Y**2 - c,
            call("min", X, -X) - c,
        )
    )


def _lost(chance: Random, g: Term) -> Term:
    """Something that has no value where g is negative, and is 0 or harmless elsewhere."""
    return chance.choice(
        (
            0 * call("sqrt", g),
            0 * call("ln", g),
            call("sqrt", g) - call("sqrt", g),
            0 / call("sqrt", g),
            call("sqrt", g) ** 0 - 1,
            call("ln", g) ** 0 - 1,
            0 * call("acosh", 1 + g),
            0 * call("lambertw", g - 1),
            0 * g ** rational(positive(chance) / 7 if positive(chance).denominator > 7 else positive(chance) / 11),
            call("max", call("sqrt", g), term(0)) * 0,
            0 * call("log2", g),
            call("sign", call("sqrt", g) + 1) - 1,
            call("floor", 0 * call("sqrt", g)),
            0 * (1 / call("sqrt", g)),
            term(0) ** (1 + call("sqrt", g)),
            0 * call("sqrt", g) * call("sqrt", g),
        )
    )


def nowhere(parts: tuple[Term, ...], chance: Random) -> bool:
    """Whether no point was found at which all parts have values."""
    for _ in range(12):
        env = draw(chance, ["x", "y"])
        try:
            for part in parts:
                part.value(env)
        except (NoValue, Unknown, OverflowError):
            continue
        return False
    return True


@row("vacuous", share=6)
def nowhere_real(chance: Random) -> Case | None:
    """Left or right has a part that exists nowhere."""
    a, b = pair(chance, (X,), chance.choice((0, 1, 1, 2)))
    lost = _lost(chance, _negative(chance))
    if not nowhere((lost,), chance):
        return None
    if chance.random() < 0.5:
        a = a + lost
    else:
        b = b + lost
    if chance.random() < 0.3:
        b = b + 1
    sign = chance.choice(("=", "=", "=", "<=", ">=", "<", "!="))
    where = [test(X, ">", 0)] if chance.random() < 0.2 else []
    if len(a.text) + len(b.text) > 180:
        return None
    return Case(relation(a, sign, b, where), Truth.EMPTY, f"{lost.text} has no value anywhere")


@row("vacuous", share=4)
def somewhere_real(chance: Random) -> Case | None:
    """A part that exists on a half line only: the statement is decided there, and nowhere else."""
    c = rational(chance.choice((-5, 0, 3, 9, 1000)))
    g = chance.choice((X - c, c - X))
    lost = _lost(chance, g)
    a, b = pair(chance, (X,), chance.choice((0, 1)))
    b = b + lost
    match chance.randrange(4):
        case 0:  # on the half line where it is lost
            where = [test(X, "<" if g.text.startswith("x") else ">", c)]
            at = c - 1 if g.text.startswith("x") else c + 1
            try:
                lost(x=at())
            except NoValue:
                return Case(relation(a, "=", b, where), Truth.EMPTY, f"{lost.text} has no value there")
            except Unknown:
                return None
            return None
        case 1:
            b = b + 1
            at = c + 2 if g.text.startswith("x") else c - 2
            if not fails_at((a, b), "=", {"x": at()}):
                return None
            return Case(relation(a, "=", b), Truth.FALSE, f"they differ at {at.text}")
        case _:
            spots = [c() + k if g.text.startswith("x") else c() - k for k in (1, 2, 5, 11)]
            if not agrees_everywhere(chance, (a, b), "=", ["x"], [], spots, points=40, wanted=1):
                return None
            if "lambertw" in lost.text or "acosh" in lost.text or "^" in lost.text:
                return None  # their domains are others
            return Case(relation(a, "=", b), Truth.TRUE, "where both sides have values they agree")


@row("vacuous", share=2)
def at_one_point_only(chance: Random) -> Case | None:
    """Both sides exist at a single point, where they agree or not."""
    c = chance.randint(-5, 9)
    shift = f"x - {c}" if c >= 0 else f"x + {-c}"
    value, off = c * c, chance.choice((0, 0, 1))
    lost = chance.choice(
        (
            f"sqrt(-({shift})^2)",
            f"sqrt({shift}) + sqrt(-({shift}))",
            f"0*sqrt(-({shift})^2)",
            f"0*acosh(1 - ({shift})^2)",
            f"sqrt(-|{shift}|)",
            f"sqrt(1 - cosh({shift}))",
        )
    )
    text = f"x^2 + {lost} = {value + off}" if chance.random() < 0.6 else f"x^2 + {off} + {lost} = {value}"
    truth = Truth.FALSE if off else Truth.TRUE
    return Case(text, truth, f"only x = {c} counts")


@row("vacuous", share=2)
def inequalities_of_nothing(chance: Random) -> Case | None:
    left, sign, right, domain, _ = chance.choice(KNOWN)
    lost = _lost(chance, _negative(chance))
    if not nowhere((lost,), chance):
        return None
    where = [test(X, domain[0], domain[1])] if domain else []
    return Case(relation(left + lost, sign, right, where), Truth.EMPTY, f"{lost.text} has no value anywhere")


@row("vacuous", share=3)
def off_the_domain(chance: Random) -> Case | None:
    """An identity whose sides are never real together, or not where it is stated."""
    k = chance.randint(1, 9)
    text = chance.choice(
        (
            f"sqrt(x)^2 = x for x < -{k}",
            "e^ln(x) = x for x <= 0",
            f"asin(x) + acos(x) = pi/2 for x > {k}",
            f"sqrt(x - {k}) = sqrt({k} - x) + 1 for x > {k}",
            f"ln(x - {k}) = ln({k} - x)",
            "ln(x) + ln(-x) = 0",
            f"sqrt(x - {k})*sqrt(-{k} - x) = 0",
            "ln(-x^2) = ln(-x^2)",
            f"sqrt(-{k} - x^2) = sqrt(-{k} - x^2)",
            f"acosh(x) = acosh(x) for x < {-k}",
            "acosh(-cosh(x)) = x",
            f"asin(x^2 + {k + 1}) <= pi/2",
            f"atanh(x^2 + {k}) = 0",
            f"ln(cos(x) - {k + 1}) < 0",
            f"1/(x - x) = {k}",
            "(x - x)^-1 = 0",
            "x/0 = x/0",
            f"0/0 = {k}",
            "1/0 = 1/0",
            "(1/0)^0 = 1",
            "0*(1/0) = 0",
            f"sqrt(-{k})^2 = -{k}",
            f"sqrt(-{k})^0 = 1",
            f"0*sqrt(-{k}) = 0",
            f"0^-{k} = 0",
            "ln(0) = ln(0)",
            f"ln(-{k}) = ln({k})",
            f"|sqrt(-{k})| = sqrt({k})",
            f"(-{k})^(1/2)*(-{k})^(1/2) = -{k}",
            f"max(sqrt(-{k}), 1) = 1",
            f"{{{k} if x > 0; {k} if x < 0}} = {k} for x = 0",
            "{1 if x > x} = 1",
            "sign(ln(x)) = 1 for x < 0",
            "floor(sqrt(x)) = 0 for x < 0",
            f"relu(ln(x)) >= 0 for x < -{k}",
            "heaviside(sqrt(x)) = 0 for x < 0",
            "lambertw(x) = lambertw(x) for x < -1",
            "tan(pi/2) = tan(pi/2)",
            "sqrt(x*y) = sqrt(x)*sqrt(y) for x < 0, y < 0",
            "x^y = e^(y*ln(x)) for x < 0",
            "log2(x) = ln(x)/ln(2) for x < 0",
            "ln(x)/ln(x) = 1 for x < 0",
            "ln(x) - ln(x) = 0 for x <= 0",
            "ln(x) <= x - 1 for x <= 0",
            f"sqrt(x) >= 0 for x < -{k}",
            f"sqrt(x) = sqrt(x) for x < -{k}",
            f"sqrt(x) != 5 for x < -{k}",
            "sqrt(x - y) = sqrt(y - x) + 1 for x > y",
            "sec(x)*cos(x) = 1 for x = pi/2",
            "cot(x)*tan(x) = 1 for x = 0",
            "coth(x)*tanh(x) = 1 for x = 0",
        )
    )
    return Case(text, Truth.EMPTY, "there is no point with values on both sides")


@row("vacuous", share=2)
def constructs_of_nothing(chance: Random) -> Case | None:
    """Constructs whose inside is nowhere real, on both sides or multiplied by 0."""
    k = chance.randint(1, 6)
    inside = chance.choice((f"sqrt(-{k} - t^2)", "ln(-e^t)", f"asin({k + 1} + t^2)", "0*sqrt(sin(t) - 2)", "1/(t - t)"))
    form = chance.choice(
        (
            "int({f}, t = 0..1)",
            "int({f}, t = 0..x)",
            "sum({f}, t = 1..3)",
            "lim({f}, t -> 1)",
            "sup({f}, t in [0, 1])",
            "d/dt ({f})",
            "int({f}, t = 0..oo)",
            "sum({f}, t = 1..oo)",
            "lim({f}, t -> oo)",
            "E[{g}]",
        )
    ).format(f=inside, g=inside.replace("t", "z").replace("sqrz", "sqrt"))
    if "sqrz" in form:
        form = form.replace("sqrz", "sqrt")
    said = chance.choice(
        (f"{form} = {form}", f"0*{form} = 0", f"{form} = 0", f"{form} - {form} = 0", f"{form} <= {form}")
    )
    where = " for x > 0" if "..x" in form else ""
    return Case(said + where, Truth.DIVERGENT, "it has no value")

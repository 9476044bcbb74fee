"""What looks at the limit: every way by which an expression is worked on, each to be tried with little time."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from dlteach.course.functions import Functions
from dlteach.errors import DlteachError
from dlteach.notation.latex import latex
from dlteach.notation.patience import Overrun, within
from dlteach.notation.show import show
from dlteach.notation.tree import (
    ZERO,
    Derivative,
    Expr,
    Property,
    PropertyKind,
    Relation,
    Statement,
    Sum,
    Symbol,
    number,
)
from dlteach.notation.typeset import display
from dlteach.reasoning.algebra.forms import canonical
from dlteach.reasoning.deciding.judge import equal, judge, value_of
from dlteach.reasoning.deriving.cross_checks import kinks
from dlteach.reasoning.deriving.derive import derive
from dlteach.reasoning.explaining.diagnose import diagnose
from dlteach.reasoning.explaining.lacking import lacking
from dlteach.screen.preview import preview

Door = Callable[[Expr, Functions, float], object]


def _derived(expr: Expr, functions: Functions, seconds: float) -> None:
    with within(seconds):
        made = derive(expr, "x", functions)
        kinks(made, functions)


def _value(expr: Expr, functions: Functions, seconds: float) -> None:
    from fractions import Fraction

    with within(seconds):
        value_of(expr, {"x": Fraction(1, 3)}, functions, 20)


def _sorted(expr: Expr, functions: Functions, seconds: float) -> None:
    with within(seconds):
        canonical(expr)


def _shown(expr: Expr, functions: Functions, seconds: float) -> None:
    display(latex(expr), 80)
    preview(show(expr), functions.names, 80)


DOORS: Mapping[str, Door] = {
    "equal": lambda e, f, s: equal(e, Sum((e, number(1))), (), f, s),
    "itself": lambda e, f, s: equal(e, Sum((e, ZERO)), (), f, s),
    "inequality": lambda e, f, s: judge(Statement(Relation((e, ZERO), (">=",))), f, s),
    "property": lambda e, f, s: judge(Statement(Property(PropertyKind.CONVEX, e)), f, s),
    "slope": lambda e, f, s: equal(Derivative(e, Symbol("x")), e, (), f, s),
    "value": _value,
    "derive": _derived,
    "diagnose": lambda e, f, s: diagnose(Derivative(e, Symbol("x")), e, f, seconds=s),
    "lacking": lambda e, f, s: lacking(e, Sum((e, Symbol("x"))), (), f, seconds=s),
    "sort": _sorted,
    "show": _shown,
}


def through(door: str, expr: Expr, functions: Functions, seconds: float) -> None:
    """Try a door; what it finds does not matter, nor that it gives up."""
    with suppress(DlteachError, Overrun):
        DOORS[door](expr, functions, seconds)

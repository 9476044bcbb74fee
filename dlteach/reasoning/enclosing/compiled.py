"""An expression of one variable as a chain of closures: walked once, run on thousands of boxes.

What does not contain the variable is worked out while recording. Text is never compiled: the closures are made from
the tree, by the back end whose values they carry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from dlteach.notation.backend import Backend, formula
from dlteach.notation.balls import Balls
from dlteach.notation.names import BUILTINS
from dlteach.notation.tree import Call, Expr, Piecewise


class Recorded:
    """A value that is known (`fixed`), or how to get it from the variable's (`run`)."""

    __slots__ = ("fixed", "run")

    def __init__(self, fixed: Any = None, run: Callable[[Any], Any] | None = None) -> None:
        self.fixed = fixed
        self.run: Callable[[Any], Any] = run or (lambda x: fixed)

    def __neg__(self) -> Recorded:
        if self.fixed is not None:
            return Recorded(-self.fixed)
        f = self.run
        return Recorded(run=lambda x: -f(x))

    def __add__(self, other: Recorded) -> Recorded:
        f, g = self.run, other.run
        return _both(self, other, lambda x: f(x) + g(x))

    def __sub__(self, other: Recorded) -> Recorded:
        f, g = self.run, other.run
        return _both(self, other, lambda x: f(x) - g(x))

    def __mul__(self, other: Recorded) -> Recorded:
        f, g = self.run, other.run
        return _both(self, other, lambda x: f(x) * g(x))


def _both(a: Recorded, b: Recorded, run: Callable[[Any], Any]) -> Recorded:
    return Recorded(run(None)) if a.fixed is not None and b.fixed is not None else Recorded(run=run)


class Recorder(Backend[Recorded]):
    """Records what `inner` would do."""

    def __init__(self, inner: Backend[Any]) -> None:
        super().__init__(inner.definitions)
        self.column = inner.column  # type: ignore[misc]
        self.inner = inner

    def number(self, value: Fraction) -> Recorded:
        return Recorded(self.inner.number(value))

    def constant(self, name: str) -> Recorded:
        return Recorded(self.inner.constant(name))

    def divide(self, over: Recorded, under: Recorded) -> Recorded:
        f, g, divide = over.run, under.run, self.inner.divide
        return _both(over, under, lambda x: divide(f(x), g(x)))

    def power(self, base: Recorded, exponent: Recorded) -> Recorded:
        f, g, power = base.run, exponent.run, self.inner.power
        return _both(base, exponent, lambda x: power(f(x), g(x)))

    def call(self, name: str, args: list[Recorded], expr: Call) -> Recorded:
        if name not in BUILTINS:
            return super().call(name, args, expr)
        how = BUILTINS[name].arb
        if isinstance(self.inner, Balls) and how.startswith("=") and name not in self.inner.own:
            return self(formula(how), {"u": args[0]})
        call, runs = self.inner.call, [arg.run for arg in args]
        first = runs[0]

        def one(x: Any) -> Any:
            return call(name, [first(x)], expr)

        def several(x: Any) -> Any:
            return call(name, [run(x) for run in runs], expr)

        apply = one if len(runs) == 1 else several
        return Recorded(apply(None)) if all(arg.fixed is not None for arg in args) else Recorded(run=apply)

    def piecewise(self, expr: Piecewise, env: Mapping[str, Recorded]) -> Recorded:
        inner = self.inner
        return Recorded(run=lambda x: inner.piecewise(expr, {name: value.run(x) for name, value in env.items()}))


def recorded(inner: Backend[Any], expr: Expr, variable: str, env: Mapping[str, Any]) -> Callable[[Any], Any]:
    """`expr` as a function of the value of its variable; the other symbols have the values of `env`."""
    names = {name: Recorded(value) for name, value in env.items()}
    names[variable] = Recorded(run=lambda x: x)
    return Recorder(inner)(expr, names).run

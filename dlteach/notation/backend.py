"""What all back ends share: a walk over the tree with values of one kind.

A back end gives the numbers, the symbols, the built-in functions, powers and piecewise; `+ - * /` are the
operators of its values. Functions of the course are evaluated by their definitions, with the arguments'
values as environment, so that nesting them costs no more than nesting calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Generic, TypeVar

from dlteach.errors import DlteachError
from dlteach.notation.names import BUILTINS, Builtin
from dlteach.notation.reader import read
from dlteach.notation.show import show
from dlteach.notation.tree import (
    Call,
    Constant,
    Expr,
    Negative,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)

Value = TypeVar("Value", bound=Any)


class NotEvaluable(DlteachError):
    """The expression is well formed, but this back end has no value for it."""


@dataclass(frozen=True)
class Definition:
    """A named function: its parameters in order, defaults for the last of them, and what it is."""

    name: str
    parameters: tuple[str, ...]
    defaults: Mapping[str, Expr]
    body: Expr

    def environment(self, args: Sequence[Value], default: Any) -> dict[str, Value]:
        """The parameters' values; `default` turns a default expression into a value."""
        bound = dict(zip(self.parameters, args, strict=False))
        for name in self.parameters[len(args) :]:
            bound[name] = default(self.defaults[name])
        return bound


Definitions = Mapping[str, Definition]


@lru_cache(maxsize=None)
def formula(text: str) -> Expr:
    """The tree of a row's formula in u."""
    return read(text.removeprefix("="))


class Backend(Generic[Value]):
    """`backend(expr, env)` is the value of `expr` where symbols have the values of `env`."""

    column: ClassVar[str]  # the column of the table of built-in functions that belongs to this back end

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions

    def __call__(self, expr: Expr, env: Mapping[str, Value]) -> Value:
        match expr:
            case Number(value):
                return self.number(value)
            case Constant(name):
                return self.constant(name)
            case Symbol(name):
                return env[name] if name in env else self.symbol(name)
            case Negative(of):
                return -self(of, env)
            case Sum(terms):
                total = self(terms[0], env)
                for term in terms[1:]:
                    total = total - self(term.of, env) if isinstance(term, Negative) else total + self(term, env)
                return total
            case Product(factors):
                product = self(factors[0], env)
                for factor in factors[1:]:
                    product = product * self(factor, env)
                return product
            case Quotient(over, under):
                return self.divide(self(over, env), self(under, env))
            case Power(base, exponent):
                return self.power(self(base, env), self(exponent, env))
            case Call(name, args, 0):
                return self.call(name, [self(arg, env) for arg in args], expr)
            case Piecewise():
                return self.piecewise(expr, env)
        return self.other(expr, env)

    def call(self, name: str, args: list[Value], expr: Call) -> Value:
        """A function with evaluated arguments."""
        if row := BUILTINS.get(name):
            how = getattr(row, self.column) if self.column else row.name
            if how.startswith("="):
                return self(formula(how), {"u": args[0]})
            return self.builtin(row, how, args)
        if definition := self.definitions.get(name):
            return self(definition.body, definition.environment(args, lambda default: self(default, {})))
        return self.unknown(expr, args)

    def unknown(self, expr: Call, args: list[Value]) -> Value:
        """An undefined function."""
        raise NotEvaluable(f"{expr.name} is not a function that I know the values of")

    def other(self, expr: Expr, env: Mapping[str, Value]) -> Value:
        """What only some back ends can evaluate: derivatives, limits, integrals, …"""
        raise NotEvaluable(f"`{show(expr)}` cannot be evaluated here")

    def divide(self, over: Value, under: Value) -> Value:
        """A quotient."""
        return over / under

    def number(self, value: Fraction) -> Value:
        """An exact rational."""
        raise NotImplementedError

    def constant(self, name: str) -> Value:
        """`pi`, `e` or `oo`."""
        raise NotImplementedError

    def symbol(self, name: str) -> Value:
        """A symbol without a value in the environment."""
        raise NotEvaluable(f"`{name}` has no value")

    def power(self, base: Value, exponent: Value) -> Value:
        """`base^exponent`, 1 for 0^0, undefined for a negative base and an exponent that is no integer."""
        raise NotImplementedError

    def builtin(self, row: Builtin, how: str, args: list[Value]) -> Value:
        """A built-in function; `how` is the back end's entry in its row."""
        raise NotImplementedError

    def piecewise(self, expr: Piecewise, env: Mapping[str, Value]) -> Value:
        """The first branch whose condition holds."""
        raise NotImplementedError

"""What all back ends share: a walk over the tree with values of one kind.

A back end gives the numbers, the symbols, the built-in functions, powers and piecewise; `+ - * /` are the
operators of its values. Functions of the course are evaluated by their definitions, with the arguments'
values as environment, so that nesting them costs no more than nesting calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

from dlteach.errors import DlteachError
from dlteach.notation.names import BUILTINS, Builtin
from dlteach.notation.patience import look
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
    substitute,
    walk,
)
from dlteach.values import frozen

Value = TypeVar("Value", bound=Any)


class NotEvaluable(DlteachError):
    """The expression is well formed, but this back end has no value for it."""


@frozen
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

    def applied(self, args: Sequence[Expr]) -> Expr:
        """The body with arguments put in for the parameters: the function written out."""
        return substitute(self.body, self.environment(args, lambda default: default))


Definitions = Mapping[str, Definition]


def reachable(expr: Expr, definitions: Definitions) -> dict[str, Definition]:
    """The definitions that an expression needs, directly or through another: what a worker has to be told."""
    found: dict[str, Definition] = {}
    waiting = [expr]
    while waiting:
        for node in walk(waiting.pop()):
            if isinstance(node, Call) and node.name in definitions and node.name not in found:
                found[node.name] = definitions[node.name]
                waiting.append(found[node.name].body)
    return found


@cache
def formula(text: str) -> Expr:
    """The tree of a row's formula in u."""
    return read(text.removeprefix("="))


class Backend(Generic[Value]):
    """`backend(expr, env)` is the value of `expr` where symbols have the values of `env`; it looks at the limit."""

    column: ClassVar[str]  # the column of the table of built-in functions that belongs to this back end
    own: ClassVar[Mapping[str, Any]] = {}  # functions that `builtin` knows better than by the formula of their row

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.steps = 0  # expressions that were evaluated

    def __call__(self, expr: Expr, env: Mapping[str, Value]) -> Value:
        self.steps += 1
        if not self.steps & 31:
            look()
        handler = _HANDLERS.get(type(expr))
        value: Value = handler(self, expr, env) if handler else self.other(expr, env)
        return value

    def _number(self, expr: Number, env: Mapping[str, Value]) -> Value:
        return self.number(expr.value)

    def _constant(self, expr: Constant, env: Mapping[str, Value]) -> Value:
        return self.constant(expr.name)

    def _symbol(self, expr: Symbol, env: Mapping[str, Value]) -> Value:
        return env[expr.name] if expr.name in env else self.symbol(expr.name)

    def _negative(self, expr: Negative, env: Mapping[str, Value]) -> Value:
        value: Value = -self(expr.of, env)
        return value

    def _sum(self, expr: Sum, env: Mapping[str, Value]) -> Value:
        total = self(expr.terms[0], env)
        for term in expr.terms[1:]:
            total = total - self(term.of, env) if isinstance(term, Negative) else total + self(term, env)
        return total

    def _product(self, expr: Product, env: Mapping[str, Value]) -> Value:
        product = self(expr.factors[0], env)
        for factor in expr.factors[1:]:
            product = product * self(factor, env)
        return product

    def _quotient(self, expr: Quotient, env: Mapping[str, Value]) -> Value:
        return self.divide(self(expr.over, env), self(expr.under, env))

    def _power(self, expr: Power, env: Mapping[str, Value]) -> Value:
        return self.power(self(expr.base, env), self(expr.exponent, env))

    def _call(self, expr: Call, env: Mapping[str, Value]) -> Value:
        if expr.primes:
            return self.other(expr, env)
        return self.call(expr.name, [self(arg, env) for arg in expr.args], expr)

    def call(self, name: str, args: list[Value], expr: Call) -> Value:
        """A function with evaluated arguments."""
        if row := BUILTINS.get(name):
            how = getattr(row, self.column) if self.column else row.name
            if how.startswith("=") and name not in self.own:
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
        value: Value = over / under
        return value

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


_HANDLERS: Mapping[type, Any] = {
    Number: Backend._number,
    Constant: Backend._constant,
    Symbol: Backend._symbol,
    Negative: Backend._negative,
    Sum: Backend._sum,
    Product: Backend._product,
    Quotient: Backend._quotient,
    Power: Backend._power,
    Call: Backend._call,
    Piecewise: lambda backend, expr, env: backend.piecewise(expr, env),
}

"""What a derivation is: its steps, the rules they name, its witnesses and kinks; plain values, made in `derive`.

They pass from the process that reasons to the one that shows them, so nothing heavy is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from dlteach.errors import DlteachError, TooLong
from dlteach.notation.tree import Derivative, Expr, Symbol, walk
from dlteach.values import frozen

LEAVES = ("identity", "constant")  # rules that share a line with the step before
MOST_DRAWN = 30_000  # signs in all lines together
OPENING = "definition"  # the name of the rule that writes out what is to be differentiated


class CannotDerive(DlteachError):
    """There is no rule for a part of the expression."""


@frozen
class Rule:
    """A name for the margin, and the sentence that states the rule."""

    name: str
    says: str


@frozen
class Step:
    """`before`, a derivative, becomes `after` by `rule`; `line` is the whole expression afterwards."""

    rule: Rule
    before: Expr
    after: Expr
    line: Expr


@frozen
class Derivation:
    """The derivative of `expression` in `variable`, with its steps; `result` is the last line."""

    expression: Expr
    variable: str
    order: int
    steps: tuple[Step, ...]
    result: Expr
    lemmas: tuple[str, ...]  # functions whose lemma was used

    @property
    def whole(self) -> Derivative:
        """What is to be worked out: the first line."""
        return Derivative(self.expression, Symbol(self.variable), self.order)

    def line(self, step: Step) -> Expr:
        """The whole line after a step; a definition that is opened at the start still waits to be differentiated."""
        if isinstance(step.before, Derivative) or step.rule.name != OPENING:
            return step.line
        return Derivative(step.after, Symbol(self.variable), self.order)

    def lines(self) -> Iterator[tuple[Expr, tuple[Step, ...]]]:
        """The lines as a textbook writes them, with the steps that lead to each: trivial ones share a line."""
        return ((self.line(steps[-1]), steps) for steps in grouped(self.steps))


def drawable(made: Derivation, advice: str = "derive a part of it") -> Derivation:
    """The same derivation, if its lines can be drawn in about a second; raises TooLong."""
    signs = (node for line, _ in made.lines() for node in walk(line))
    if next(islice(signs, MOST_DRAWN, None), None) is not None:
        raise TooLong(f"the lines of this derivation have more than {MOST_DRAWN:,} signs, too many to show: {advice}")
    return made


@frozen
class Check:
    """One witness: what it is, whether it agrees (None: it could not say), and its words."""

    name: str
    holds: bool | None
    says: str


@frozen
class Kink:
    """A place where the one-sided derivatives differ: both, as formulas or decimals, and what the formula takes."""

    at: str
    left: str
    right: str
    takes: str = ""


def rule_names(steps: Sequence[Step]) -> str:
    """The rules that lead to a line, each once: `product rule, identity`."""
    return ", ".join(dict.fromkeys(step.rule.name for step in steps))


def grouped(steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    """Steps that share a line of a textbook."""
    taken: list[Step] = []
    for step, after in zip_longest(steps, steps[1:]):
        taken.append(step)
        if after is None or after.rule.name not in LEAVES or step.rule.name == OPENING:
            yield tuple(taken)
            taken = []

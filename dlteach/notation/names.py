"""What a name may mean: the built-in functions, and what the reader is told about the course's own.

One row a function: its LaTeX, and how Arb, Python floats and SymPy call it. An entry that starts with "="
is a formula in u of functions that stand in another row.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlteach.notation.tree import ExtremumKind, PropertyKind
from dlteach.values import frozen


@frozen
class Builtin:
    """A function that every back end knows by itself."""

    name: str
    latex: str
    arb: str = ""  # a method of flint.arb, or a formula
    python: str = ""  # a function of the math module or of `floats`, or a formula
    sympy: str = ""  # a name in SymPy, or a formula
    arity: tuple[int, int | None] = (1, 1)
    also: tuple[str, ...] = ()


def _same(name: str, latex: str = "", *also: str) -> Builtin:
    return Builtin(name, latex or f"\\{name}", name, name, name, also=also)


def _reciprocal(name: str, of: str, latex: str = "", *also: str) -> Builtin:
    formula = f"=1/{of}(u)"
    return Builtin(name, latex or f"\\{name}", formula, formula, name, also=also)


def _inverse_reciprocal(name: str, of: str) -> Builtin:
    formula = f"={of}(1/u)"
    long = "arc" + name[1:]
    return Builtin(name, f"\\operatorname{{{long}}}", formula, formula, name, also=(long,))


BUILTINS: Mapping[str, Builtin] = {
    row.name: row
    for row in (
        _same("exp"),
        Builtin("ln", "\\ln", "log", "log", "log"),
        Builtin("log", "\\log", "log", "log", "log"),
        Builtin("log2", "\\log_2", "=ln(u)/ln(2)", "log2", "=ln(u)/ln(2)"),
        Builtin("log10", "\\log_{10}", "=ln(u)/ln(10)", "log10", "=ln(u)/ln(10)"),
        Builtin("sqrt", "\\sqrt", "sqrt", "sqrt", "sqrt"),
        Builtin("cbrt", "\\cbrt", "=sign(u)*exp(ln(abs(u))/3)", "cbrt", "=sign(u)*abs(u)^(1/3)"),
        Builtin("abs", "\\abs", "abs", "fabs", "Abs"),
        Builtin("sign", "\\operatorname{sign}", "sgn", "sign", "sign"),
        Builtin("min", "\\min", "min", "min", "Min", arity=(1, None)),
        Builtin("max", "\\max", "max", "max", "Max", arity=(1, None)),
        _same("floor", "\\operatorname{floor}"),
        Builtin("ceil", "\\operatorname{ceil}", "ceil", "ceil", "ceiling"),
        _same("erf", "\\operatorname{erf}"),
        _same("erfc", "\\operatorname{erfc}"),
        Builtin("lambertw", "W", "lambertw", "lambertw", "LambertW"),
        _same("sin"),
        _same("cos"),
        _same("tan"),
        _reciprocal("sec", "cos"),
        _reciprocal("csc", "sin"),
        Builtin("cot", "\\cot", "cot", "=1/tan(u)", "cot"),
        _same("sinh"),
        _same("cosh"),
        _same("tanh"),
        _reciprocal("sech", "cosh", "\\operatorname{sech}"),
        _reciprocal("csch", "sinh", "\\operatorname{csch}"),
        Builtin("coth", "\\coth", "coth", "=1/tanh(u)", "coth"),
        _same("asin", "\\arcsin", "arcsin"),
        _same("acos", "\\arccos", "arccos"),
        _same("atan", "\\arctan", "arctan"),
        _inverse_reciprocal("asec", "acos"),
        _inverse_reciprocal("acsc", "asin"),
        Builtin("acot", "\\operatorname{arccot}", "=atan(1/u)", "=atan(1/u)", "acot", also=("arccot",)),
        _same("asinh", "\\operatorname{arsinh}", "arsinh"),
        _same("acosh", "\\operatorname{arcosh}", "arcosh"),
        _same("atanh", "\\operatorname{artanh}", "artanh"),
        Builtin("asech", "\\operatorname{arsech}", "=acosh(1/u)", "=acosh(1/u)", "asech", also=("arsech",)),
        Builtin("acsch", "\\operatorname{arcsch}", "=asinh(1/u)", "=asinh(1/u)", "acsch", also=("arcsch",)),
        Builtin("acoth", "\\operatorname{arcoth}", "=atanh(1/u)", "=atanh(1/u)", "acoth", also=("arcoth",)),
        Builtin("Phi", "\\Phi", "=erfc(-u/sqrt(2))/2", "Phi", "=erfc(-u/sqrt(2))/2"),
        Builtin("phi", "\\varphi", "=e^(-u^2/2)/sqrt(2*pi)", "phi", "=e^(-u^2/2)/sqrt(2*pi)"),
        Builtin("sigmoid", "\\sigma", "=1/(1 + e^-u)", "sigmoid", "=1/(1 + e^-u)"),
    )
}

CALCULUS = ("lim", "int", "sum", *ExtremumKind)
PROPERTIES: Mapping[PropertyKind, tuple[int, int]] = {  # how few and how many arguments follow the function
    PropertyKind.ODD: (0, 0),
    PropertyKind.EVEN: (0, 0),
    PropertyKind.CONTINUOUS: (0, 0),
    PropertyKind.SMOOTH: (0, 1),
    PropertyKind.INCREASING: (0, 0),
    PropertyKind.DECREASING: (0, 0),
    PropertyKind.CONVEX: (0, 0),
    PropertyKind.CONCAVE: (0, 0),
    PropertyKind.BOUNDED: (0, 0),
    PropertyKind.PERIODIC: (0, 1),
    PropertyKind.LIPSCHITZ: (1, 1),
}
KEYWORDS = ("for", "if", "otherwise", "in", "integer")
CONSTANTS_AND_KEYWORDS = (*KEYWORDS, "pi", "e", "oo", "E", "Var", "d", "R")


@frozen
class Names:
    """The course's named functions, as far as the reader must know them.

    `arity` maps a name to (fewest, most) arguments; `also` maps another name to the proper one.
    """

    arity: Mapping[str, tuple[int, int | None]]
    also: Mapping[str, str]

    def proper(self, name: str) -> str | None:
        """The name under which a function is known, or None."""
        name = BUILTIN_ALSO.get(name, name)
        name = self.also.get(name, name)
        return name if name in BUILTINS or name in self.arity else None

    def allowed(self, name: str) -> tuple[int, int | None]:
        """How few and how many arguments a known function takes."""
        return BUILTINS[name].arity if name in BUILTINS else self.arity[name]

    def every(self) -> list[str]:
        """All names that may stand before a bracket."""
        return [*BUILTINS, *BUILTIN_ALSO, *self.arity, *self.also, *CALCULUS, *PROPERTIES]


BUILTIN_ALSO: Mapping[str, str] = {other: row.name for row in BUILTINS.values() for other in row.also}
NO_NAMES = Names({}, {})

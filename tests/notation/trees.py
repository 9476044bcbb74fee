"""Random trees of the notation, for laws."""

from fractions import Fraction

from hypothesis import strategies as st

from dlteach.notation.tree import (
    BigSum,
    Branch,
    Call,
    Constant,
    Derivative,
    Expr,
    Extremum,
    Integral,
    Interval,
    Limit,
    Moment,
    Negative,
    Number,
    Piecewise,
    Power,
    Product,
    Quotient,
    Relation,
    Sum,
    Symbol,
)

TEXTS = ("0", "1", "2", "3", "10", "0.5", "0.044715", "1.702", "12.25", "4.74e-4")
numbers = st.sampled_from(TEXTS).map(lambda text: Number(Fraction(text), text))
symbols = st.sampled_from(("x", "y", "a", "z", "beta", "x_1", "sigma_B", "w2")).map(Symbol)
constants = st.sampled_from(("pi", "e")).map(Constant)
signs = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))


def _pairs(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[tuple[Expr, ...]]:
    return st.lists(inner, min_size=2, max_size=3).map(tuple)


def _relation(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Relation]:
    return st.builds(lambda a, b, sign: Relation((a, b), (sign,)), inner, inner, signs)


def _piecewise(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Piecewise]:
    return st.builds(
        lambda a, condition, b: Piecewise((Branch(a, condition), Branch(b, None))), inner, _relation(inner), inner
    )


def _grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    names = st.sampled_from(("tanh", "exp", "ln", "sqrt", "abs", "sigmoid", "Phi", "phi", "erf", "sin", "f"))
    primed = st.builds(
        lambda name, arg, n: Call(name, (arg,), n), st.sampled_from(("tanh", "f")), inner, st.integers(1, 2)
    )
    return st.one_of(
        st.builds(Negative, inner),
        st.builds(Sum, _pairs(inner)),
        st.builds(Product, _pairs(inner)),
        st.builds(Quotient, inner, inner),
        st.builds(Power, inner.filter(lambda e: not isinstance(e, Number | Constant)), symbols | numbers),
        st.builds(lambda name, arg: Call(name, (arg,)), names, inner),
        st.builds(lambda args: Call("max", args), _pairs(inner)),
        primed,
        _piecewise(inner),
    )


def _calculus(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    variable = st.sampled_from(("x", "t", "beta")).map(Symbol)
    return st.one_of(
        st.builds(Derivative, inner, variable, st.integers(1, 3), st.booleans()),
        st.builds(Limit, inner, variable, inner, st.sampled_from(("", "+", "-"))),
        st.builds(Integral, inner, variable, inner, inner),
        st.builds(BigSum, inner, variable, inner, inner),
        st.builds(Moment, st.sampled_from(("E", "Var")), inner),
        st.builds(
            Extremum,
            st.sampled_from(("sup", "inf", "argmin", "argmax")),
            inner,
            variable,
            st.builds(Interval, inner, inner, st.booleans(), st.booleans()),
        ),
    )


elementary = st.recursive(symbols | numbers | constants, _grown, max_leaves=12)
expressions = st.one_of(
    elementary, _calculus(elementary), st.builds(lambda a, b: Sum((a, b)), _calculus(elementary), elementary)
)

"""The one mathematical language: reader, tree, and back ends.

`reader.read` and `reader.read_statement` turn text into the frozen values of `tree`; `show` writes them
back as a line, `latex` as LaTeX, `typeset` lays LaTeX out as a block of text; `floats`, `balls` and
`symbolic` evaluate them in floating point, in Arb's ball arithmetic, and in SymPy.
"""

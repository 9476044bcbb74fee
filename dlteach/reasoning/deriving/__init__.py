"""Differentiation. Where to look:

steps          what a derivation is, for whoever shows it
derive         the walker that shows the rules, with the convention of a subgradient; rules, rewriting
cross_checks   SymPy's derivative, a numeric one, the lemmas and the kinks beside a derivation
exact          what a derivative means in a statement: formulas between joints, pieced at joints that can be solved
               for (expansions look from both sides), structural where they cannot
"""

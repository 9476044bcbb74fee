"""Exact rewriting, and what is known of functions. Where to look:

facts           one row a built-in function: slope, domain, where smooth, growth; domains and growth owe by them (owing)
normal          the door of the normal form; behind it, in order: polynomials, kernels, sign_rules, assumptions,
                elementary, angles, identities, field (the back end) and cases
pieces          a function cut at its joints; solve, roots, coefficients and places find them, spans hold them
sample_points   where a counterexample is looked for; crossings are the edges
moments         expectations taken apart; gaussian_integrals, their closed forms
simplify        small arithmetic on the tree; forms, the form that a question asks for
relations       relations and conditions as values; constants, their arithmetic; singular, where a slope may fail
sympy_tasks     what the worker does with SymPy
"""

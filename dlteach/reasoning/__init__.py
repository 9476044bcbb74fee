"""Derive, decide, and say honestly which of the two could not be done.

Works on the syntax tree of `notation`. Balls refute, a normal form proves, and what is left goes to SymPy in
a worker process that can be killed. The floors, each standing on those below it:

explaining   a learner's line, the rule that was broken
deciding     is a statement true: search, equations, inequalities, properties, expectations
enclosing    rigorous numbers: evaluation, branch and bound, quadrature, asymptotics
deriving     differentiation rule by rule, and its cross-checks
algebra      normal form, simplification, pieces, domains, sample points
worker       the process that can be killed, and the clock
"""

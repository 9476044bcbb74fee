"""Is a statement true? Where to look:

judge          the door, and the order of the methods; proofs is what passes between them, verdicts what comes out
search         the look for a counterexample, which comes first
existence      is there a value everywhere, is it continuous, is there a mean
equations      normal form, induction, fundamental theorem, SymPy; beside it limits, expectations and extrema
inequalities   in one variable (charts, closed_forms), in several (several: goals, places, boxes, solved), of integers;
               prover is what they rest on, counterexamples refute with what they saw, constants compares numbers
properties     continuous, convex, bounded, …: curves, shapes, boundedness
"""

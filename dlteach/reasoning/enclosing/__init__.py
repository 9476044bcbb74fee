"""Rigorous numbers for every construct. Where to look:

evaluate           the door: any expression as a ball; compiled runs one on thousands of boxes
integrals          quadrature on what is shown to be real; ends and singular_places for what is improper
sums               finite ones term by term, series by an expansion of the rest
limits             exact limits by series: expansions of orders with exact coefficients
branch_and_bound   suprema: runs (where there is a value), boxes, jets, tails; minimax for best constants
asymptotics        bounds far out: germs with a bounded rest
scales             the sign on a whole tail, by terms of a scale; taylor, its coefficients
"""

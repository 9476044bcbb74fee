"""Derive, decide, and say honestly which of the two could not be done.

Works on the syntax tree of `notation`. Balls refute, a normal form proves, and what is left goes to SymPy in
a worker process that can be killed.
"""

"""A learner's own derivation. Where to look:

lines      what a line and its verdict are, for whoever shows them
check      line by line: does it follow, does it arrive
lacking    where an answer has no value though the question has one
diagnose   which broken rule predicts the wrong line: buggy_rules of differentiation, buggy_identities of algebra
"""

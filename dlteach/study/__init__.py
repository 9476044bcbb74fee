"""Studying: asking questions, grading answers like a good teacher, and a memory that loses nothing.

Upwards: `grading` judges one answer (`grades` is what it says, `answers` are the right ones), `asking` leads through
one question, `quiz`, `review` and `guided` through many; `plans` and `practice` fade derivations, whose lines `moves`
makes. What reasons (`grading`, `answers`, `moves`) is asked of the reasoner by the others. `record` is what is kept,
`opening` its file, `schedule` what follows from it; `progress`, `whereabouts` and `searching` only look.
"""

"""Studying: asking questions, grading answers like a good teacher, and a memory that loses nothing.

Upwards: `grading` judges one answer, `asking` leads through one question, `quiz`, `review` and `guided` through many;
`plans` and `practice` fade derivations. `record` is what is kept, `opening` its file, `schedule` what follows from it;
`progress`, `whereabouts` and `searching` only look.
"""

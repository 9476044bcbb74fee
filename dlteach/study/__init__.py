"""Asking questions, and grading answers like a good teacher."""

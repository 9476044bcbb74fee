"""What a lesson, claim, question, erratum and function is; finding and loading them from `content/`."""

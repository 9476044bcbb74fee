"""Everything that is seen: Markdown, typeset mathematics, plots, verdicts, and the prompt that runs dialogues."""

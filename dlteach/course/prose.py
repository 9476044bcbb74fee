"""A lesson's Markdown as markdown-it's tokens, dollar mathematics included."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, allow_space=False, double_inline=True)


def parsed(text: str) -> list[Token]:
    """The tokens of a text."""
    return _parser().parse(text)

"""What a pack may hold at most. A pack may be a stranger's, so that nothing in one may cost more than a person waits.

The figures are ten times and more what the course has today; with them every command on any pack stays below 3 s and
500 MB (`tests/hostile/packs.py` has the packs). An author meets them as faults with file and line, never as a crash.
"""

from __future__ import annotations

from collections.abc import Mapping

# Files, in bytes. The course's longest: 10 KB of TOML, 6 KB of prose, 7 KB of verdicts.
TOML = 250_000  # tomllib reads 3 MB a second, and what it read is then looked at key by key
PROSE = 60_000  # a long chapter; setting it in type takes a second
LEDGER = 1_000_000  # a verdict for each of a lesson's statements, with its evidence

# A pack as a whole.
ENTRIES = 500  # in one folder: more are not listed, since listing them is what takes the time
LESSONS = 200  # in a pack; `dlteach lessons` reads the head of each
PACK = 4_000_000  # bytes read of one pack by one command
SECONDS = 1.5  # of processor time spent on reading one pack: what is left of it is left out
TOLD = 3  # lines said on the way about what is left out; `dlteach lint` says all

# In a TOML file.
KEY_PARTS = 10  # of a dotted key: tomllib takes their square, `a.a.a…` stopped it for minutes
FAULTS = 100  # of one file: reading ends there, an author mends those first
SHOWN_FAULTS = 300  # of a pack, by `dlteach lint`
FAULT = 500  # characters of one fault: keys and names in it are the pack's
LINE = 300  # characters of a title, a summary, the name of an author: they stand in tables
TEXT = 10_000  # characters of any other text, as of a formula in the reader
NAME = 80  # characters of a name or an id: they are typed
NUMBER = 10**9  # of a whole number, where its key sets no limit of its own: `0xfff…` has no length
LIST = 100  # items of a list of names
TABLES: Mapping[str, int] = {  # how often a table may stand in another
    "claim": 200, "derivation": 100, "erratum": 100, "reference": 100, "question": 200, "lines": 200, "choices": 20,
    "steps": 20, "mistakes": 40,
}  # fmt: skip
HINTS = 20  # stages
FUNCTIONS = 200  # rows of a pack's table
PARAMETERS = 10  # of a function: each is one more argument in everything that is derived

# Variants of a question.
VARIED = 6  # parameters
VALUES = 100  # of one parameter in a list
PLACES = 100  # `{{…}}` in its texts: each is a formula that is worked out for every variant
TRIED = 2_000  # combinations that are held against `vary.where`

# In the text of a lesson.
LIVING = 100  # living blocks
CURVES = 12  # of a plot: it has six colours and dash patterns
LINES = 1_500
CELLS = 5_000  # of all tables: each is wrapped by itself
MARKS: Mapping[str, int] = {  # of a kind in one paragraph; markdown-it looks ahead from each of them
    "$": 200, "[]!": 400, "*_~": 800, "`": 400, "<>&": 400, "|": 1_500,
}  # fmt: skip
PLOTTED = 1e100  # the farthest end of a plot's range: differences and squares of floats stay finite
PAGE_SECONDS = 1.5  # for the living blocks of a page: those that are left are named, not drawn

"""Reading the rows of a damaged SQLite file off its pages, whatever has become of the file's structure.

A page that holds rows of a table says where each begins; a row is a record of the SQLite file format: lengths and
types, then the values. Nothing above the pages is needed, so that lost headers and inner nodes cost no row. Only rows
that are entries are taken: they fit their check sum, or are old ones that can be read.
"""

from __future__ import annotations

import struct
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from dlteach.study.entries import UNCHECKED, Row, Unfit, entry_of
from dlteach.values import frozen

PAGE = 4096  # what dlteach's files have; the size in a header counts if it is a possible one
LEAF = 0x0D  # a page of a table that holds rows
OF_AN_INDEX = (0x02, 0x0A)
FRAME, WAL = 24, 32  # bytes before a page in the write-ahead log, and at its beginning
COLUMNS = {10: 0, 11: 1}  # how many columns the log has, in files without check sums and with them
LONGEST = 10_000_000  # bytes of a row
FAR = 2**32  # beyond all numbers of pages
LONGEST_LOG = 64_000_000  # bytes of a write-ahead log that are looked through at the start


@frozen
class Carved:
    """What was found: rows that are entries, rows of the log that are none, and the highest number of a row."""

    good: tuple[Row, ...]
    bad: tuple[tuple[Any, ...], ...]
    last: int


def carve(path: Path) -> Carved:
    """The rows of the log in a file and in the write-ahead log beside it; raises OSError."""
    return _Carver(_pages(path)).run()


def carve_log(path: Path) -> tuple[Row, ...]:
    """The entries of committed transactions in the write-ahead log of a file; none where there is no log.

    SQLite believes a log up to the first byte that is wrong; what was committed after it is lost without a word.
    """
    with suppress(OSError):
        log = path.with_name(path.name + "-wal")
        if WAL < log.stat().st_size <= LONGEST_LOG:
            pages: dict[int, bytes] = {}
            for number, page in enumerate(dict.fromkeys(_replay(log.read_bytes(), PAGE, pages))):
                pages[FAR + number] = page  # its number may be what is wrong
            return _Carver((PAGE, pages)).run().good
    return ()


class _Carver:
    def __init__(self, pages: tuple[int, dict[int, bytes]]) -> None:
        self.size, self.pages = pages
        self.good: dict[Row, None] = {}
        self.bad: dict[tuple[Any, ...], None] = {}
        self.numbers: list[int] = []

    def run(self) -> Carved:
        for number, page in self.pages.items():
            start = 100 if number == 1 else 0
            kind = page[start] if len(page) > start else 0
            whole = kind == LEAF and self.listed(page, start)
            if not whole and kind not in OF_AN_INDEX and page.count(0) < len(page):
                for at in range(start + 8, len(page) - 12):  # somewhere in it
                    self.taken(page, at, False)
        return Carved(tuple(self.good), tuple(self.bad), _last(self.numbers))

    def listed(self, page: bytes, start: int) -> bool:
        """Take the rows that a page lists; returns whether each of them was one."""
        count = int.from_bytes(page[start + 3 : start + 5])
        if start + 8 + 2 * count > len(page):
            return False
        whole = True
        for place in range(start + 8, start + 8 + 2 * count, 2):
            whole = self.taken(page, int.from_bytes(page[place : place + 2]), True) and whole
        return whole

    def taken(self, page: bytes, at: int, listed: bool) -> bool:
        """Take the row that begins somewhere in a page; returns whether it is a row of another table, or an entry."""
        try:
            length, at = _varint(page, at)
            number, at = _varint(page, at)
            if not 12 <= length <= LONGEST:
                return listed
            payload = page[at : at + length] if length <= self.size - 35 else self.spread(page, at, length)
            values = _values(payload, None if listed else tuple(COLUMNS))
        except (IndexError, ValueError, struct.error):
            return False
        if len(values) < min(COLUMNS):
            return listed
        row = _row(values)
        try:
            entry_of(row)
        except Unfit:
            if listed:
                self.bad[(number, *values)] = None
                self.numbers.append(number)
            return False
        self.good[row] = None
        self.numbers.append(number)
        return True

    def spread(self, page: bytes, at: int, length: int) -> bytes:
        """A row that goes on in other pages."""
        least = (self.size - 12) * 32 // 255 - 23
        here = least + (length - least) % (self.size - 4)
        here = here if here <= self.size - 35 else least
        parts = [page[at : at + here]]
        following = int.from_bytes(page[at + here : at + here + 4])
        for _ in range(length // (self.size - 4) + 1):
            if following not in self.pages:
                break
            parts.append(self.pages[following][4:])
            following = int.from_bytes(self.pages[following][:4])
        return b"".join(parts)[:length]


def _last(numbers: list[int]) -> int:
    """The highest number of a row; numbers follow each other, so that one far away from all others is damaged."""
    last = 0
    for number in sorted(numbers):
        if number > last + 10 * len(numbers) + 1000:
            break
        last = number
    return last


def _row(values: tuple[Any, ...]) -> Row:
    """The columns in the order of entries; the first of the table is the row's number."""
    _, identity, at, day, card, sitting, kind, verdict, rating, data, *rest = values
    return card, kind, sitting, verdict, rating, data, identity, at, day, rest[0] if rest else UNCHECKED


def _values(payload: bytes, counts: tuple[int, ...] | None) -> tuple[Any, ...]:
    """The values of a record; raises ValueError where it is none, or has another number of columns than these."""
    header, at = _varint(payload, 0)
    kinds = []
    while at < header:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != header or not kinds or (counts is not None and len(kinds) not in counts):
        raise ValueError("no record")
    values = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind >= 12:
        end = at + (kind - 12) // 2
        if end > len(payload):
            raise ValueError("cut off")
        piece = payload[at:end]
        return (piece.decode("utf-8", "surrogateescape") if kind % 2 else piece), end
    if kind in (0, 8, 9):
        return (None if kind == 0 else kind - 8), at
    if kind == 7:
        return struct.unpack_from(">d", payload, at)[0], at + 8
    width = (0, 1, 2, 3, 4, 6, 8)[kind]
    if at + width > len(payload):
        raise ValueError("cut off")
    return int.from_bytes(payload[at : at + width], signed=True), at + width


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for place in range(at, at + 8):
        byte = data[place]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, place + 1
    return number << 8 | data[at + 8], at + 9


def _pages(path: Path) -> tuple[int, dict[int, bytes]]:
    """The usable size of a page, and the pages as the last commit left them."""
    with path.open("rb") as file:
        data = file.read()
    size = int.from_bytes(data[16:18]) if len(data) > 100 else PAGE
    size = 65536 if size == 1 else size
    size = size if size >= 512 and size & (size - 1) == 0 and data[:15] == b"SQLite format 3" else PAGE
    reserved = data[20] if len(data) > 20 and data[20] < 64 and data[:15] == b"SQLite format 3" else 0
    pages = {at // size + 1: data[at : at + size] for at in range(0, len(data), size)}
    with suppress(OSError):
        _replay(path.with_name(path.name + "-wal").read_bytes(), size, pages)
    usable = size - reserved
    return usable, {number: page[:usable] for number, page in pages.items()}


def _replay(log: bytes, size: int, pages: dict[int, bytes]) -> list[bytes]:
    """Put what the write-ahead log has committed over the pages; frames of an earlier use of the log do not count.

    Returns every page that it holds up to the last commit, superseded ones too.
    """
    starts = range(WAL, len(log) - FRAME - size + 1, FRAME + size)
    uses = Counter(log[at + 8 : at + 16] for at in starts)
    salts = log[16:24] if log[16:24] in uses else uses.most_common(1)[0][0] if uses else b""
    waiting: dict[int, bytes] = {}
    last = -1
    for at in starts:
        number, commits = struct.unpack_from(">II", log, at)
        if log[at + 8 : at + 16] == salts:
            waiting[number] = log[at + FRAME : at + FRAME + size]
            if commits:
                pages.update(waiting)
                waiting.clear()
                last = at
    return [log[at + FRAME : at + FRAME + size] for at in starts if at <= last and log[at + 8 : at + 16] == salts]

"""A lesson in parts: passages to read, and what is done between them."""

from __future__ import annotations

from dlteach.course.lessons import Lesson
from dlteach.course.prose import parsed
from dlteach.values import frozen

DONE = ("sim", "question", "derivation")  # living blocks that are done rather than read


@frozen
class Part:
    """A passage (`kind` "read", its Markdown in `text`), or something to do; `key` is its identity in the record."""

    kind: str
    key: str
    text: str


def parts(lesson: Lesson, language: str = "en") -> list[Part]:
    """The passages between headings and living blocks, then the questions that the prose does not place."""
    prose = lesson.prose(language)
    lines = prose.splitlines()
    chains = {derivation.id for derivation in lesson.chains}
    found: list[Part] = []
    heading, start = lesson.name, 0
    for token in parsed(prose):
        if token.level or not token.map:
            continue
        first, last = token.map
        if token.type == "heading_open" and token.tag in ("h1", "h2"):
            found += _passage(lines[start:first], heading)
            heading, start = lines[first].strip("# "), first
        elif token.type == "fence":
            word, _, rest = token.info.strip().partition(" ")
            if word not in DONE or (word == "derivation" and rest.strip() not in chains):
                continue
            found += [*_passage(lines[start:first], heading), Part(word, f"{word} {rest.strip()}", rest.strip())]
            start = last
    found += _passage(lines[start:], heading)
    placed = {part.text for part in found if part.kind == "question"}
    found += [Part("question", f"question {q.id}", q.id) for q in lesson.questions if q.id not in placed]
    return _named(found)


def _passage(lines: list[str], heading: str) -> list[Part]:
    text = "\n".join(lines).strip()
    return [Part("read", f"read {heading}", text)] if text and text.strip("# ") != heading else []


def _named(found: list[Part]) -> list[Part]:
    """With a number behind a key that occurs again."""
    counts: dict[str, int] = {}
    named = []
    for part in found:
        counts[part.key] = counts.get(part.key, 0) + 1
        key = part.key if counts[part.key] == 1 else f"{part.key} {counts[part.key]}"
        named.append(Part(part.kind, key, part.text))
    return named

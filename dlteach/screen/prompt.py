"""The prompt at a terminal: a live preview of the formula, symbols by `\\phi` and Tab, arrows for choices, history."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Mapping

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import is_done
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, ConditionalContainer, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.screen import Char
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.styles import Style

from dlteach.course.dialogue import Ask
from dlteach.notation.names import Names
from dlteach.notation.signs import COMMANDS, GREEK_LETTER
from dlteach.screen.preview import preview
from dlteach.screen.terminal import Terminal
from dlteach.system.homes import data_home
from dlteach.system.streams import terminal_of
from dlteach.visible import visible

SYMBOLS: Mapping[str, str] = {
    **GREEK_LETTER,
    "sqrt": "√",
    **{command: sign.letter for command, sign in COMMANDS.items() if sign.plain},
}
STYLE = Style.from_dict({"formula": "ansicyan", "quiet": "ansibrightblack"})
PAGE = 8  # candidates that are shown at once
LONGEST_HISTORY = 1_000_000  # bytes that are read when the first prompt opens


class Signs(dict[str, str]):
    """How prompt_toolkit shows what is typed, completed or laid out: as everything else is shown."""

    def __contains__(self, char: object) -> bool:
        return isinstance(char, str) and not char.isprintable()

    def __getitem__(self, char: str) -> str:
        return {"\t": "\u2409", "\n": "\u240a", "\xa0": " "}.get(char) or visible(char)


Char.display_mappings = Signs()


class Prompter:
    """Reads the learner's answers, one `Ask` at a time."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.history = _history() if terminal.remembers else InMemoryHistory()

    def __call__(self, question: Ask) -> str | None:
        """What was typed; None at the end of input; raises KeyboardInterrupt at Ctrl-C."""
        try:
            return self.application(question).run()
        except EOFError:
            return None

    def application(self, question: Ask) -> Application[str]:
        """The line, with what is shown below it."""
        buffer = Buffer(
            completer=Symbols(question.names) if question.names else None,
            history=InMemoryHistory() if question.pick else self.history,
            multiline=question.lines,
        )
        label = f"{question.label}> "
        below = FormattedTextControl(lambda: self.below(buffer, question))
        line = Window(
            BufferControl(buffer),
            get_line_prefix=lambda number, wraps: label if not number and not wraps else " " * len(label),
            dont_extend_height=True,
            wrap_lines=True,
        )
        rest = ConditionalContainer(Window(below, dont_extend_height=True, wrap_lines=True), ~is_done)
        depth = ColorDepth.DEPTH_1_BIT if self.terminal.console.no_color else ColorDepth.DEPTH_4_BIT
        keys = _choosing(len(question.options)) if question.pick else KeyBindings()
        return Application(
            Layout(HSplit([line, rest])),
            key_bindings=_leaving(keys, question),
            style=STYLE,
            color_depth=depth,
            output=create_output(terminal_of(sys.stdout)),
        )

    def below(self, buffer: Buffer, question: Ask) -> StyleAndTextTuples:
        """The formula as it is read so far, what Tab offers, and what else may be typed."""
        text, width = buffer.text, self.terminal.width
        parts: StyleAndTextTuples = []
        if question.names is not None:
            seen = preview(text, question.names, width - 4, self.terminal.flat)
            parts += [("class:formula", f"    {row}\n") for row in seen.rows]
            if seen.problem:
                parts.append(("class:quiet", f"    … {seen.problem}"[: width - 1] + "\n"))
        if (state := buffer.complete_state) is not None and len(state.completions) > 1:
            first = max(0, (state.complete_index or 0) - PAGE + 1)
            offered = "  ".join(completion.display_text for completion in state.completions[first : first + PAGE])
            parts.append(("class:quiet", f"    {offered}"[: width - 1] + "\n"))
        if question.pick and text.isdecimal() and 0 < int(text) <= len(question.options):
            parts.append(("class:formula", f"    {question.options[int(text) - 1]}"[: width - 1] + "\n"))
        rows = [""]
        for key, what in question.commands.items():
            piece = f"  {key} {what}"
            rows = [*rows, piece] if len(rows[-1]) + len(piece) >= width else [*rows[:-1], rows[-1] + piece]
        return [*parts, ("class:quiet", "\n".join(rows))]


class Symbols(Completer):
    """`\\phi` becomes φ; the beginning of a function's name becomes the name."""

    def __init__(self, names: Names) -> None:
        self.functions = sorted(set(names.every()))

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What the word before the cursor may be meant to be."""
        _, slash, word = document.text_before_cursor.rpartition("\\")
        if slash and word.isalpha():
            fitting = [word] if word in SYMBOLS else [name for name in SYMBOLS if name.startswith(word)]
            for name in fitting:
                yield Completion(SYMBOLS[name], -len(word) - 1, display=f"\\{name} {SYMBOLS[name]}")
            return
        word = document.get_word_before_cursor()
        if len(word) > 1:
            yield from (Completion(name, -len(word)) for name in self.functions if name.startswith(word))


def _leaving(keys: KeyBindings, question: Ask) -> KeyBindings:
    """Enter answers, Alt+Enter begins a line, Ctrl-Z suspends, Ctrl-C and Ctrl-D leave.

    The history keeps what was no command and can be seen: what is shown as a sign would not come back as it was.
    """

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        text = event.current_buffer.text
        meant = question.meant(text)
        if meant not in question.commands and not meant.startswith(":") and visible(text) == text:
            event.current_buffer.append_to_history()
        event.app.exit(result=event.current_buffer.text)

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.multiline():
            event.current_buffer.insert_text("\n")

    @keys.add("c-z")
    def _(event: KeyPressEvent) -> None:
        event.app.suspend_to_background()

    @keys.add("c-c")
    @keys.add("<sigint>")
    def _(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt())

    @keys.add("c-d")
    def _(event: KeyPressEvent) -> None:
        if not event.current_buffer.text:
            event.app.exit(exception=EOFError())

    return keys


def _choosing(count: int) -> KeyBindings:
    """The arrows go through the numbers of the options."""
    keys = KeyBindings()

    def turned(event: KeyPressEvent, by: int) -> None:
        text = event.current_buffer.text.strip()
        now = int(text) if text.isdecimal() else (0 if by > 0 else 1)
        chosen = str((now - 1 + by) % count + 1)
        event.current_buffer.document = Document(chosen, len(chosen))

    @keys.add("down")
    @keys.add("right")
    def _(event: KeyPressEvent) -> None:
        turned(event, 1)

    @keys.add("up")
    @keys.add("left")
    def _(event: KeyPressEvent) -> None:
        turned(event, -1)

    return keys


def _history() -> History:
    """What was typed before, also in earlier sessions where there is a file for it, which only the learner can read."""
    path = data_home() / "history"
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                return InMemoryHistory()
            if facts.st_mode & 0o077:
                path.chmod(0o600)
            if facts.st_size > LONGEST_HISTORY:
                file.seek(-LONGEST_HISTORY // 2, os.SEEK_END)
                newest = file.read(LONGEST_HISTORY)
                file.truncate(0)
                file.write(newest[newest.find(b"\n#") + 1 :])
        return FileHistory(path)
    except OSError:
        return InMemoryHistory()

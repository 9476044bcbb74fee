"""What goes between a parent and its child: frames on two pipes, waited for with patience that ends.

A frame is a letter, the length of what follows, and that: a pickled request or answer, or nothing in a notice. The
child reads in a thread of its own, so that the end of its parent, which closes the pipe, ends it at any moment. The
parent waits with `poll` where there is one for pipes, else in threads.
"""

from __future__ import annotations

import os
import pickle
import select
import struct
from _queue import Empty, SimpleQueue
from _thread import start_new_thread
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol

from dlteach.notation.patience import Overrun

HEADER = struct.Struct("!cQ")
MOST_BYTES = 64 * 1024**2  # of a request or an answer
PIECE = 65_536  # bytes that a pipe holds
ASK, ANSWER = b"?", b"="
LAST = b"!"  # an answer after which the child ends
LOADING, READY = b"-", b"+"  # notices: the clock stands still, it goes on

Frame = tuple[bytes, bytes]  # the letter and what follows


def packed(value: Any) -> bytes:
    """A value as bytes; raises Overrun where it nests too deep, is too large or cannot travel at all."""
    try:
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    except Exception as problem:  # a value's own way of being pickled may fail in any way
        raise Overrun(f"it cannot be handed over ({type(problem).__name__})") from None
    if len(data) > MOST_BYTES:
        raise Overrun(f"it is too large to be handed over ({len(data) // 1024**2} MB)")
    return data


def framed(letter: bytes, data: bytes = b"") -> bytes:
    """A frame as bytes."""
    return HEADER.pack(letter, len(data)) + data


def write(handle: int, data: bytes) -> None:
    """Write all of it, however long the reader takes; raises OSError where there is none."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def read_frame(handle: int) -> Frame:
    """The next frame, however long it takes; raises EOFError where the pipe ends first."""
    letter, size = HEADER.unpack(_read(handle, HEADER.size))
    return letter, _read(handle, size)


def _read(handle: int, size: int) -> bytes:
    data = os.read(handle, min(size, PIECE)) if size else b""
    if len(data) == size:
        return data
    pieces = bytearray(data)
    while data and len(pieces) < size:
        data = os.read(handle, min(size - len(pieces), PIECE))
        pieces += data
    if len(pieces) < size:
        raise EOFError
    return bytes(pieces)


def listen(handle: int, heard: Callable[[Frame | None], object]) -> None:
    """Have a thread read the frames of a pipe, which it closes; `heard` is called with each, and None at the end."""

    def read() -> None:
        try:
            while True:
                heard(read_frame(handle))
        except (OSError, EOFError, MemoryError):
            os.close(handle)
            heard(None)

    start_new_thread(read, ())


class Channel(Protocol):
    """The parent's ends of the pipes."""

    def send(self, data: bytes) -> None:
        """Have bytes written as far as the child takes them; the rest is written while an answer is waited for."""

    def frame(self) -> Frame | None:
        """The next frame if it is there, without waiting; raises EOFError or OSError where the child is gone."""

    def close(self) -> None:
        """Let go of both ends."""


class Polled:
    """Pipes that can be polled."""

    def __init__(self, to_child: int, from_child: int) -> None:
        self.to_child, self.from_child = to_child, from_child
        self._unsent = memoryview(b"")
        self._got = bytearray()
        for handle in (to_child, from_child):
            os.set_blocking(handle, False)

    def send(self, data: bytes) -> None:
        self._unsent = memoryview(data)
        self.write()

    def write(self) -> None:
        """Write what the pipe takes now."""
        try:
            while self._unsent:
                self._unsent = self._unsent[os.write(self.to_child, self._unsent) :]
        except BlockingIOError:
            pass
        except OSError:  # there is no child any more: whoever waits for its answer finds that out
            self._unsent = memoryview(b"")

    def frame(self) -> Frame | None:
        if not self._whole:
            try:
                piece = os.read(self.from_child, PIECE)
            except BlockingIOError:
                return None
            if not piece:
                raise EOFError
            self._got += piece
        if not (size := self._whole):
            return None
        letter, data = bytes(self._got[:1]), bytes(self._got[HEADER.size : size])
        del self._got[:size]
        return letter, data

    @property
    def _whole(self) -> int:
        """The bytes of the frame that has arrived; 0 where one has not, or not all of it."""
        if len(self._got) < HEADER.size:
            return 0
        size = HEADER.size + int(HEADER.unpack_from(self._got)[1])
        return size if len(self._got) >= size else 0

    def close(self) -> None:
        os.close(self.to_child)
        os.close(self.from_child)

    @staticmethod
    def wait(channels: Sequence[Polled], seconds: float) -> None:
        """Wait until one of the children has said something, or takes more of its request."""
        if any(channel._whole for channel in channels):
            return
        poll = select.poll()
        for channel in channels:
            poll.register(channel.from_child, select.POLLIN)
            if channel._unsent:
                poll.register(channel.to_child, select.POLLOUT)
        ready = {handle for handle, _ in poll.poll(max(0.0, seconds) * 1000 + 1)}
        for channel in channels:
            if channel._unsent and channel.to_child in ready:
                channel.write()


class Threaded:
    """Pipes that only block: a thread reads and another writes, and whoever waits listens for a bell."""

    LONGEST = 0.05  # seconds for the bell, which may have rung for somebody else
    bell: SimpleQueue[None] = SimpleQueue()

    def __init__(self, to_child: int, from_child: int) -> None:
        self.to_child = to_child
        self._ended = False
        self._frames: SimpleQueue[Frame] = SimpleQueue()
        self._requests: SimpleQueue[bytes] = SimpleQueue()
        listen(from_child, self._heard)
        start_new_thread(self._write, ())

    def _heard(self, frame: Frame | None) -> None:
        if frame is None:
            self._ended = True
        else:
            self._frames.put(frame)
        self.bell.put(None)

    def _write(self) -> None:
        """The life of the thread that writes, until it is given nothing."""
        with suppress(OSError):
            while data := self._requests.get():
                write(self.to_child, data)
        os.close(self.to_child)

    def send(self, data: bytes) -> None:
        self._requests.put(data)

    def frame(self) -> Frame | None:
        ended = self._ended  # looked at first: what came before the end still counts
        try:
            return self._frames.get_nowait()
        except Empty:
            if ended:
                raise EOFError from None
            return None

    def close(self) -> None:
        self._requests.put(b"")  # and the other thread ends with the child

    @classmethod
    def wait(cls, channels: Sequence[Threaded], seconds: float) -> None:
        """Wait until one of the children may have said something."""
        if all(channel._frames.empty() and not channel._ended for channel in channels):
            with suppress(Empty):
                cls.bell.get(timeout=max(0.0, min(seconds, cls.LONGEST)))


def wait(channels: Sequence[Channel], seconds: float) -> None:
    """Wait until one of the children may have said something, for some seconds at most."""
    polled = [channel for channel in channels if isinstance(channel, Polled)]
    threaded = [channel for channel in channels if isinstance(channel, Threaded)]
    if polled:
        Polled.wait(polled, seconds if not threaded else 0.0)
    if threaded:
        Threaded.wait(threaded, seconds)

"""Files that dlteach writes: complete or as they were before, and for nobody else's eyes where they are a learner's."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time_ns
from typing import TextIO

PRIVATE, PRIVATE_FOLDER = 0o600, 0o700


def replace_text(path: Path, text: str | Iterable[str], private: bool = False) -> None:
    """Put a text in the place of a file; whatever goes wrong, the old one is still there. Raises OSError."""
    with replacing(path, private) as out:
        for piece in (text,) if isinstance(text, str) else text:
            out.write(piece)


@contextmanager
def replacing(path: Path, private: bool = False) -> Iterator[TextIO]:
    """A file to be written that takes the place of another once all of it is on the disk; raises OSError.

    A link stays one: what it leads to is replaced. The old file's permissions are kept, or with `private` only the
    owner's. A device (`/dev/stdout`) is written to as it is; a folder or a pipe by name is refused.
    """
    if _is_device(path):
        with path.open("w", encoding="utf-8", newline="\n") as out:
            yield out
        return
    target = Path(os.path.realpath(path))
    mode = _mode(target, private)
    draft = target.with_name(f".dlteach-{os.getpid()}-{time_ns()}.part")  # a short name, however long the other is
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(mode)
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def make_private(path: Path) -> None:
    """Make sure that there is a file, empty where it is new, and that only its owner may read it; raises OSError."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        return
    tighten(path)


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may enter, where there is none; raises OSError."""
    for folder in (*reversed(path.parents), path):
        with suppress(FileExistsError):
            folder.mkdir(PRIVATE_FOLDER)
    if not path.is_dir():
        path.mkdir()  # raises what is wrong


def tighten(path: Path) -> bool:
    """Take away what others may do with a file or folder of the owner's; returns whether there was something."""
    if not is_open_to_others(path):
        return False
    with suppress(OSError):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o077)
        return True
    return False


def is_open_to_others(path: Path) -> bool:
    """Whether other users of the machine may read or write it; False on a system without such permissions."""
    if not hasattr(os, "getuid"):
        return False
    try:
        found = path.stat()
    except OSError:
        return False
    return bool(found.st_mode & 0o077) and found.st_uid == os.getuid()


def _is_device(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(21, "it is a folder", str(path))
    if stat.S_ISFIFO(mode) and not str(path).startswith(("/dev/", "/proc/")):
        raise OSError(0, "it is a pipe", str(path))
    return not stat.S_ISREG(mode)


def _mode(target: Path, private: bool) -> int:
    """The permissions that what is written shall have."""
    if private:
        return PRIVATE
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask

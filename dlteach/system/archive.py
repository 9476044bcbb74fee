"""dlteach inside a zip archive: unpacked once for each version of it, since the course is read as files.

A program made with `python -m zipapp` is copied to a folder of the cache, complete or not at all, and its modules are
imported from there: the course, the simulations and the check sum of the prover are files again, and Python keeps the
modules compiled. What other users of the machine could have written is not run: a private folder that lasts as long
as the process takes its place.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import zlib
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import ZipFile

from dlteach.system.libraries import LIBRARIES, OLDEST

PARTS = ("dlteach", "content")  # the course is inside the package, or beside it as in a checkout


def unpacked(archive: str, inner: str) -> str:
    """The package's folder as files, for a package at `inner` ("" or "lib/") of an archive; raises OSError."""
    with ZipFile(archive) as packed:
        base = PurePosixPath(inner)
        names = sorted(name for name in packed.namelist() if _belongs(PurePosixPath(name), base))
        digest = 0
        for name in names:
            digest = zlib.crc32(f"{name} {packed.getinfo(name).CRC}".encode(), digest)
        home = _kept(packed, names, f"app-{digest:08x}") or _passing(packed, names)
    return str(home / base / "dlteach")


def _belongs(name: PurePosixPath, base: PurePosixPath) -> bool:
    inside = name.relative_to(base).parts if name.is_relative_to(base) else ()
    return len(inside) > 1 and inside[0] in PARTS and "__pycache__" not in inside


def _kept(packed: ZipFile, names: list[str], called: str) -> Path | None:
    """The copy in the cache folder, made where there is none; None where none can be kept safely."""
    from dlteach.errors import DlteachError
    from dlteach.system.homes import cache_home
    from dlteach.system.outputs import make_folder

    try:
        home = cache_home() / called
        make_folder(home.parent)
        if not home.is_dir():
            draft = Path(tempfile.mkdtemp(prefix=f"{called}.", suffix=".part", dir=home.parent))
            try:
                packed.extractall(draft, names)
                draft.rename(home)
            except OSError:  # the disk is full, or another process was quicker
                shutil.rmtree(draft, ignore_errors=True)
        return home if home.is_dir() and _is_ours(home) else None
    except (OSError, DlteachError):
        return None


def _is_ours(folder: Path) -> bool:
    """Whether nobody else could have made it or written there; Windows has no such bits, and keeps profiles apart."""
    if not hasattr(os, "geteuid"):
        return True
    found = folder.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _passing(packed: ZipFile, names: list[str]) -> Path:
    """A copy that goes when the process ends."""
    import atexit

    home = Path(tempfile.mkdtemp(prefix="dlteach-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    packed.extractall(home, names)
    return home


def enter(package: list[str], loader: Any) -> None:
    """Let the package be imported from the files; what was read from the archive on the way is read again there.

    Raises SystemExit with a line where Python or a library that nothing can be done without is missing.
    """
    _check_what_is_needed()
    home = unpacked(loader.archive, loader.prefix)
    package[:] = [home]
    sys.path.insert(0, str(Path(home).parent))  # for a fresh interpreter that is started with this path
    for name in [name for name in sys.modules if name.startswith("dlteach.")]:
        del sys.modules[name]


def _check_what_is_needed() -> None:
    """No installer has looked after it."""
    if sys.version_info < OLDEST:
        wanted, found = (".".join(map(str, version)) for version in (OLDEST, sys.version_info[:2]))
        raise SystemExit(f"dlteach needs Python {wanted} or newer, and this is {found}: start it with a newer one")
    if missing := [library for name, library in LIBRARIES.items() if find_spec(name) is None]:
        advice = f"{sys.executable} -m pip install {' '.join(missing)}"
        raise SystemExit(f"dlteach needs {', '.join(missing)}, not in its archive: {advice}")

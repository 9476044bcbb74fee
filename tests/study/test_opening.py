"""The record's file among other sessions, clocks and folders: who may touch it, what is kept, who may read it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from datetime import date, timedelta
from pathlib import Path

import pytest

from dlteach.errors import DlteachError
from dlteach.study.exchange import read, written
from dlteach.study.health import health, mended
from dlteach.study.opening import in_memory, open_to_read, record_file
from dlteach.study.settings import Settings
from tests.conftest import Result
from tests.hostile.damages import BEFORE, DAMAGES, fill
from tests.study.test_record import NOON, Clock, answer, opened

Cli = Callable[..., Result]
Process = Callable[..., Result]
POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions and limits are POSIX")


def backups() -> Path:
    return record_file().parent / "backups"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def alter(what: str) -> None:
    """Change rows of the log as a fault of the disk would: the check sums stay."""
    with closing(sqlite3.connect(record_file(), isolation_level=None)) as db:
        (trigger,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'log_keeps'").fetchone()
        db.execute("DROP TRIGGER log_keeps")
        db.execute(f"UPDATE log SET {what}")
        db.execute(trigger)


def many(clock: Clock, count: int) -> None:
    record = opened(clock)
    for number in range(count):
        answer(record, f"gelu/{number}")
    record.close()


@pytest.fixture
def session() -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Another process that has the record open until it is told to end."""
    begun: list[subprocess.Popen[str]] = []

    def begin() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "dlteach", "quiz", "gelu/shape", "--plain"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("?\n")
        process.stdin.flush()
        while "Hint" not in process.stdout.readline():
            assert process.poll() is None
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


# ---- backups ----------------------------------------------------------------------------------------


def test_the_fullest_good_backup_counts_whatever_the_others_are_called() -> None:
    clock = Clock()
    for _ in range(3):
        many(clock, 20)
        clock.now += timedelta(days=1)
    opened(clock).close()
    folder = backups()
    (folder / "2099-01-01.sqlite").write_bytes(b"")
    (folder / "my-old-copy.sqlite").write_bytes((folder / "2026-03-11.sqlite").read_bytes())
    (folder / "2026-12-24.sqlite").write_bytes((folder / "2026-03-13.sqlite").read_bytes()[:9000])
    record_file().write_bytes(b"")
    told: list[str] = []
    assert len(list(opened(clock, told).entries())) == 60
    assert "60 more came from the backup 2026-03-13" in told[0]


def test_a_backup_of_another_record_is_none_of_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    many(clock, 30)
    clock.now += timedelta(days=1)
    opened(clock).close()
    strange = next(backups().iterdir()).read_bytes()
    monkeypatch.setenv("DLTEACH_HOME", str(tmp_path / "other"))
    many(clock, 5)
    backups().mkdir()
    (backups() / "2026-03-01.sqlite").write_bytes(strange)
    with record_file().open("r+b") as file:
        file.seek(4096)
        file.write(b"\7" * 100)
    told: list[str] = []
    assert len(list(opened(clock, told).entries())) == 5 and "5 of 5 entries could be read" in told[0]


def test_backups_from_a_clock_that_ran_ahead_do_not_fill_the_slots() -> None:
    clock = Clock()
    many(clock, 3)
    clock.now += timedelta(days=3650)
    for _ in range(9):
        opened(clock).close()
        clock.now += timedelta(days=1)
    clock.now = NOON + timedelta(days=1)
    for number in range(9):
        many(clock, 1)
        clock.now += timedelta(days=1)
        opened(clock).close()
        made = f"{clock.now - timedelta(hours=4):%Y-%m-%d}.sqlite"
        assert made in names(backups()) and len(names(backups())) == 7, number
    assert sum(name.startswith("2036") for name in names(backups())) <= 1


def test_foreign_files_among_the_backups_are_left_alone_and_drafts_go() -> None:
    clock = Clock()
    many(clock, 3)
    backups().mkdir()
    foreign = ["notes.txt", "my-old-copy.sqlite", "a.part", "2026.sqlite"]
    for name in (*foreign, "2026-03-09.999.part", "2026-03-09.999.part-journal"):
        (backups() / name).write_text("x")
    for _ in range(9):
        clock.now += timedelta(days=1)
        opened(clock).close()
    assert set(foreign) <= set(names(backups())) and not [n for n in names(backups()) if n.startswith("2026-03-09.")]
    assert len(names(backups())) == 7 + len(foreign)


def test_a_record_with_a_bad_row_is_never_backed_up() -> None:
    clock = Clock()
    many(clock, 50)
    for _ in range(9):
        clock.now += timedelta(days=1)
        alter("data = '[}' WHERE seq = 7")
        record = opened(clock)
        assert len(list(record.entries())) == 49, "the first could come from nowhere, the others from a backup"
        record.close()
    for backup in backups().iterdir():
        with closing(sqlite3.connect(backup)) as db:
            assert not db.execute("SELECT count(*) FROM log WHERE data = '[}'").fetchone()[0]


# ---- other sessions ---------------------------------------------------------------------------------


def test_a_newer_file_is_renamed_by_nobody_who_only_reads(cli: Cli) -> None:
    many(Clock(), 2)
    with closing(sqlite3.connect(record_file())) as db:
        db.execute("PRAGMA user_version = 99")
    for command in (("progress",), ("export", "progress", "-"), ("review", "--dry-run"), ("lessons",), ()):
        result = cli(*command)
        assert result.code == 2 and "newer dlteach (layout 99" in result.err and "update dlteach" in result.err
    assert not list(record_file().parent.glob("record-*"))


@pytest.mark.slow
def test_nothing_takes_the_place_of_a_file_that_a_session_has_open(
    session: Callable[[], subprocess.Popen[str]], process: Process
) -> None:
    open_there = session()
    with closing(sqlite3.connect(record_file())) as db:
        db.execute("PRAGMA user_version = 99")
    before = record_file().stat().st_ino
    result = process("quiz", "gelu/shape", stdin=":quit\n")
    assert result.code == 2 and "another session has it open" in result.err
    with closing(sqlite3.connect(record_file())) as db:
        db.execute("PRAGMA user_version = 3")
        db.execute("DROP TABLE place")
    result = process("quiz", "gelu/shape", stdin=":quit\n")
    assert result.code == 2 and "is damaged, and another session has it open" in result.err
    reading = process("export", "progress", "-")
    assert reading.code == 0 and len(reading.out.splitlines()) == 1, "what can be read is read"
    assert record_file().stat().st_ino == before
    open_there.kill()
    open_there.wait()
    result = process("quiz", "gelu/shape", stdin=":quit\n")
    assert result.code == 0 and "1 of 1 entries could be read" in result.err


EIGHT = (
    "import sys; from datetime import datetime; from dlteach.study.opening import open_record;"
    "from dlteach.study.record import Entry; from dlteach.study.settings import Settings;"
    "record = open_record(lambda: datetime.now().astimezone(), Settings(), print);"
    "[record.note(Entry(f'gelu/{n % 3}', 'answer', verdict='right', rating=3, data={'answer': sys.argv[1]}))"
    " for n in range(20)]"
)


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["nothing at all", "a page in the middle", "the first 100 bytes", "another answer"])
def test_eight_sessions_at_once_stay_consistent(damage: str) -> None:
    """Also where they find a damaged file: one makes it whole, and the others go on with that."""
    fill(record_file().parent)
    for backup in backups().iterdir():
        backup.rename(backup.with_name("2026-01-01.sqlite"))  # the first sessions of a day look through all of it
    DAMAGES[damage](record_file())
    writers = [
        subprocess.Popen([sys.executable, "-c", EIGHT, str(n)], stdout=subprocess.PIPE, text=True) for n in range(8)
    ]
    said = [writer.communicate()[0] for writer in writers]
    assert not any(writer.returncode for writer in writers)
    assert sum(map(bool, said)) == (damage != "nothing at all"), "one of them tells it"
    record = opened(Clock(NOON + timedelta(days=900)))
    kept = [entry for entry in record.entries() if entry.card in ("gelu/0", "gelu/1", "gelu/2")]
    assert len(kept) == 160 and len(list(record.entries())) >= 160 + BEFORE
    stored = record.schedule()
    record.rebuild()
    assert record.schedule() == stored
    assert len(list(record_file().parent.glob("record-*.sqlite"))) == (damage != "nothing at all")


# ---- clocks -----------------------------------------------------------------------------------------


def test_an_answer_from_the_future_is_told_once_a_day_and_schedules_nothing_for_years() -> None:
    clock = Clock()
    answer(opened(clock), "gelu/a")
    clock.now += timedelta(days=3650)
    record = opened(clock)
    answer(record, "gelu/a", 4)
    answer(record, "gelu/b", 4)
    record.close()
    clock.now = NOON + timedelta(days=3)
    told: list[str] = []
    record = opened(clock, told)
    assert len(told) == 1 and "2 cards were answered after today, 2026-03-13, the last on 2036-03-07" in told[0]
    assert not opened(clock, again := []).close() and not again  # type: ignore[func-returns-value]
    assert [card.card for card in record.due(record.today)] == ["gelu/a"], "as if it had not been answered since"
    assert record.card("gelu/b") is None, "and one that was only answered then is new"
    answer(record, "gelu/a"), answer(record, "gelu/b")
    assert {card.card: card.last for card in record.schedule()} == dict.fromkeys(("gelu/a", "gelu/b"), record.today)
    assert all(card.due < record.today + timedelta(days=60) for card in record.schedule())
    stored = record.schedule()
    record.rebuild()
    assert record.schedule() == stored


def test_answers_under_a_clock_that_fell_back_count_for_the_day_of_those_before() -> None:
    clock = Clock()
    record = opened(clock)
    answer(record)
    right = record.card("gelu/shape")
    clock.now = NOON - timedelta(days=2000)
    answer(record)
    clock.now = NOON + timedelta(days=1)
    after = record.card("gelu/shape")
    assert right and after and after.reviews == 2 and after.first == right.first == after.last
    assert after.stability < 10, "not as if it had been remembered for five years"


def test_a_day_further_east_is_no_future() -> None:
    clock = Clock()
    record = opened(clock)
    answer(record)
    clock.now -= timedelta(days=1)
    told: list[str] = []
    assert opened(clock, told).card("gelu/shape") and not told


def test_records_joined_with_one_from_the_future_are_the_same_on_both_machines() -> None:
    clock = Clock()
    here, there = in_memory(clock, Settings()), in_memory(clock, Settings())
    answer(here)
    clock.now += timedelta(days=4000)
    answer(there), answer(there, "gelu/other")
    clock.now = NOON
    here.merge(read(list(written(there.entries())), "f"))
    there.merge(read(list(written(here.entries())), "f"))
    assert here.schedule() == there.schedule() and [card.card for card in here.schedule()] == ["gelu/shape"]


def test_an_import_from_the_future_is_told_and_schedules_nothing_for_years(cli: Cli) -> None:
    line = {
        "id": "x1", "at": "2051-01-01T10:00:00+00:00", "day": "2051-01-01", "card": "gelu/shape", "sitting": "s",
        "kind": "answer", "verdict": "right", "rating": 4, "data": {},
    }  # fmt: skip
    result = cli("import", "-", stdin=json.dumps(line))
    assert result.code == 0 and "1 card was answered after today" in result.err and "2051-01-01" in result.err
    result = cli("review", "gelu/shape", "--json")
    assert [turn["question"] for turn in json.loads(result.out)["due"]] == ["gelu/shape"] and not result.err


@pytest.mark.parametrize("year", [1970, 1971, 2100, 2198, 2199, 9999])
def test_a_clock_of_another_century_poisons_nothing(year: int) -> None:
    clock = Clock()
    answer(opened(clock))
    clock.now = NOON.replace(year=year)
    try:
        record = opened(clock)
        answer(record)
    except DlteachError as problem:
        assert "the clock says" in str(problem) and year not in range(1971, 2199)
    clock.now = NOON + timedelta(days=1)
    told: list[str] = []
    record = opened(clock, told)
    assert not [line for line in told if "damaged" in line]
    (card,) = record.schedule()
    assert card.last <= record.today and card.due < record.today + timedelta(days=60)


# ---- folders ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [(), ("progress",), ("export", "progress", "-"), ("quiz", "gelu"), ("import", "-")])
@pytest.mark.parametrize("thing", ["folder", "link", "loop", "pipe"])
def test_something_else_in_the_place_of_the_record_is_told(thing: str, command: tuple[str, ...], cli: Cli) -> None:
    path = record_file()
    path.parent.mkdir()
    if thing == "folder":
        path.mkdir()
    elif thing == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(path if thing == "loop" else path.with_name("unmounted") / "record.sqlite")
    result = cli(*command)
    assert result.code == 2 and str(path) in result.err and len(result.err.splitlines()) == 1
    words = {"folder": "is a folder", "link": "is a link to", "loop": "is a link to", "pipe": "is no regular file"}
    assert words[thing] in result.err and not result.out


def test_a_link_to_a_record_elsewhere_stays_one(cli: Cli, tmp_path: Path) -> None:
    many(Clock(), 30)
    elsewhere = tmp_path / "elsewhere.sqlite"
    record_file().rename(elsewhere)
    record_file().symlink_to(elsewhere)
    with elsewhere.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(200))
    told: list[str] = []
    assert len(list(opened(told=told).entries())) >= 29 and told
    assert record_file().is_symlink() and elsewhere.stat().st_size > 4096


def test_a_tilde_in_the_home_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cli: Cli) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("DLTEACH_HOME", "~/mine")
    assert cli("config", "day_ends", "5").code == 0
    opened().close()
    assert (tmp_path / "mine" / "record.sqlite").is_file() and (tmp_path / "mine" / "config.toml").is_file()
    monkeypatch.setenv("DLTEACH_HOME", "~nobody-of-this-name/x")
    assert "no such home folder" in cli("progress").err


@POSIX
def test_what_a_learner_writes_is_for_nobody_else(tmp_path: Path, cli: Cli) -> None:
    before = os.umask(0)
    try:
        clock = Clock()
        many(clock, 2)
        clock.now += timedelta(days=1)
        record = opened(clock)
        cli("config", "day_ends", "5")
        assert cli("verify", "gelu/derivative").code == 0
        cli("export", "progress", str(tmp_path / "out.jsonl"))
        home = record_file().parent
        for path in (home, *home.rglob("*"), tmp_path / "out.jsonl"):
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), f"{path} {mode:o}"
        record.close()
        home.chmod(0o755)
        record_file().chmod(0o644)
        opened(clock).close()
        assert not health(clock, Settings()).open_to_others, "what an earlier version left open is closed"
        (home / "holiday.jpg").write_text("x")
        home.chmod(0o755)
        opened(clock).close()
        assert stat.S_IMODE(home.stat().st_mode) == 0o755, "a folder that is not ours alone is left as it is"
        assert str(home) in health(clock, Settings()).open_to_others
    finally:
        os.umask(before)


def test_no_record_keeps_nothing(process: Process) -> None:
    for command in (("quiz", "gelu/shape"), ("review", "gelu/shape"), ("study", "gelu"), ("practice", "gelu")):
        assert process(*command, "--no-record", stdin="1\n:quit\n").code == 0
    assert not record_file().parent.exists()


# ---- a full disk ------------------------------------------------------------------------------------


def limited(*command: str, bytes_: int) -> subprocess.CompletedProcess[str]:
    """A command in a process that may write files of so many bytes."""
    resource = pytest.importorskip("resource")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))

    return subprocess.run(
        [sys.executable, "-m", "dlteach", *command], capture_output=True, text=True, preexec_fn=limit, check=False
    )


@POSIX
@pytest.mark.slow
def test_a_full_disk_destroys_no_file(tmp_path: Path) -> None:
    many(Clock(), 40)
    cases = {
        "plot": (("plot", "gelu", "--save"), tmp_path / "plot.svg", "<svg>the old one</svg>"),
        "export": (("export", "progress"), tmp_path / "out.jsonl", "the old one\n"),
        "config": (("config", "retention", "0.85"), record_file().with_name("config.toml"), "day_ends = 5\n"),
    }
    for name, (command, path, old) in cases.items():
        path.write_text(old)
        args = command if name == "config" else (*command, str(path))
        done = limited(*args, bytes_=10)
        assert done.returncode == 2 and "cannot be written" in done.stderr and path.read_text() == old, done
        assert names(path.parent) == [n for n in names(path.parent) if not n.endswith(".part")], "no draft is left"


@POSIX
@pytest.mark.slow
def test_an_import_that_finds_the_disk_full_takes_nothing(tmp_path: Path) -> None:
    many(Clock(), 3)
    lines = [json.loads(line) for line in written(opened().entries())]
    (tmp_path / "f").write_text("".join(json.dumps({**lines[0], "id": f"x{n}"}) + "\n" for n in range(3000)))
    done = limited("import", str(tmp_path / "f"), bytes_=300_000)
    assert done.returncode == 2 and "could not be kept" in done.stderr
    assert len(list(opened().entries())) == 3


# ---- health -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", range(1, 7))
def test_a_session_that_is_killed_while_it_mends_loses_nothing(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off at each renaming, linking or replacing of a file, and opened once more."""
    clock = Clock()
    many(clock, 60)
    clock.now += timedelta(days=1)
    many(clock, 5)
    DAMAGES["the second page"](record_file())

    class Killed(BaseException):
        pass

    left = [step]

    def counted(name: str) -> Callable[..., object]:
        real = getattr(Path, name)

        def call(*args: object) -> object:
            left[0] -= 1
            if not left[0]:
                raise Killed
            return real(*args)

        return call

    with monkeypatch.context() as patch:
        for name in ("replace", "rename", "hardlink_to"):
            patch.setattr(Path, name, counted(name))
        with pytest.raises(Killed) if step < 6 else nullcontext():
            list(opened(clock).entries())
    assert len(list(opened(clock).entries())) == 65


def test_what_a_killed_session_committed_comes_back_from_a_damaged_log(tmp_path: Path) -> None:
    """SQLite itself forgets everything behind the first wrong byte of a log, without a word."""
    many(Clock(), 3)
    record = opened()
    for number in range(30):
        answer(record, f"gelu/{number}", 4)
    stored = record.schedule()
    content = {path.name: path.read_bytes() for path in record_file().parent.glob("record.sqlite*")}
    record.close()
    for name, data in content.items():
        record_file().with_name(name).write_bytes(data)
    log = record_file().with_name("record.sqlite-wal")
    with log.open("r+b") as file:
        file.seek(log.stat().st_size // 3)
        file.write(b"\xa5" * 20)
    told: list[str] = []
    record = opened(told=told)
    assert len(list(record.entries())) >= 32 and "entries of a session that was cut off are back" in told[0]
    assert len(record.schedule()) >= len(stored) - 1
    record.close()
    opened(told=told).close()
    assert len(told) == 1


def test_the_health_of_a_record_and_its_mending(tmp_path: Path) -> None:
    clock = Clock()
    assert not health(clock, Settings()).exists and mended(clock, Settings()) == ()
    many(clock, 60)
    clock.now += timedelta(days=1)
    record = opened(clock)
    busy = health(clock, Settings())
    assert busy.busy and (busy.entries, busy.unchecked, busy.bad, busy.problem) == (60, 0, 0, "")
    assert [(b.name, b.entries, b.problem) for b in busy.backups] == [("2026-03-11.sqlite", 60, "")]
    assert mended(clock, Settings()) == (), "a record that is well need not be closed"
    answer(record, "gelu/since")
    record.close()
    (backups() / "2026-03-10.sqlite").write_bytes(b"")
    (backups() / "2026-03-10.77.part").write_bytes(b"")
    record_file().chmod(0o644)
    alter("verdict = 'wrong' WHERE seq IN (1, 61)")
    before = record_file().read_bytes()
    ill = health(clock, Settings())
    assert (ill.entries, ill.bad, ill.problem, ill.busy) == (59, 2, "is damaged", False)
    assert ill.backups[1].problem == "is empty" and len(ill.strays) == 1 and record_file().read_bytes() == before
    told = mended(clock, Settings())
    assert any("59 of 61 entries could be read, 1 more came from the backup 2026-03-11" in line for line in told)
    well = health(clock, Settings())
    assert (well.entries, well.bad, well.aside, well.problem, well.strays, well.open_to_others) == (
        60,
        0,
        2,
        "",
        (),
        (),
    )
    assert mended(clock, Settings()) == ()


def test_the_health_of_a_record_that_is_none_or_cannot_be_read() -> None:
    record_file().parent.mkdir()
    record_file().write_bytes(b"Dear diary" * 999)
    assert "not" in health(Clock(), Settings()).problem or "damaged" in health(Clock(), Settings()).problem
    record_file().unlink()
    record_file().mkdir()
    assert "is a folder" in health(Clock(), Settings()).problem


def test_rows_of_an_earlier_layout_count_as_unchecked() -> None:
    from dlteach.study.layouts import LAYOUTS

    clock = Clock()
    record_file().parent.mkdir()
    with closing(sqlite3.connect(record_file(), isolation_level=None)) as db:
        for version, layout in enumerate(LAYOUTS[:2], start=1):
            db.executescript(f"{layout}; PRAGMA application_id = {0x646C7465}; PRAGMA user_version = {version}")
        db.execute(
            "INSERT INTO log VALUES (1, 'a', '2026-03-09T10:00:00.000000+00:00', '2026-03-09', 'gelu/shape', 's',"
            " 'answer', 'right', 3, '{\"answer\": \"1\"}')"
        )
    answer(record := opened(clock))
    assert len(list(record.entries())) == 2 and record.card("gelu/shape").reviews == 2  # type: ignore[union-attr]
    found = health(clock, Settings())
    assert (found.entries, found.unchecked, found.layout, found.problem) == (2, 1, 3, "")
    assert [b.name for b in found.backups] == ["2026-03-10.sqlite", "2026-03-10-layout-2.sqlite"]
    assert date.fromisoformat("2026-03-09") == record.card("gelu/shape").first  # type: ignore[union-attr]


def test_a_session_that_finds_damage_while_it_writes_mends_it_and_goes_on() -> None:
    told: list[str] = []
    record = opened(told=told)
    for number in range(300):
        answer(record, f"gelu/{number}")
    record.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = record_file().stat().st_size
    with record_file().open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (size - 8192))
    record.db.execute("PRAGMA cache_size = 0")
    kept = answer(record, "gelu/7")
    assert kept in list(record.entries()) and len(told) == 1


def test_a_damaged_record_that_cannot_be_written_is_read_as_far_as_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    many(Clock(), 30)
    DAMAGES["the first 100 bytes"](record_file())

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("dlteach.study.opening.make_folder", refuse)
    told: list[str] = []
    assert len(list(open_to_read(Clock(), Settings(), told.append).entries())) == 30
    with pytest.raises(DlteachError, match="could not be kept"):
        opened()

"""The record: nothing lost, nothing twice, nothing overwritten; the schedule follows from the log."""

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st

from dlteach.course.questions import Kind
from dlteach.errors import DlteachError
from dlteach.study.exchange import read, written
from dlteach.study.layouts import LAYOUTS
from dlteach.study.opening import in_memory, open_record, open_to_read, record_file
from dlteach.study.record import Entry, Record, new_id
from dlteach.study.schedule import rating_of, remembered, retrievability
from dlteach.study.settings import Settings, changed, read_settings, study_day
from tests.conftest import Result

Cli = Callable[..., Result]
NOON = datetime(2026, 3, 10, 12, tzinfo=timezone(timedelta(hours=2)))


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


def opened(clock: Clock | None = None, told: list[str] | None = None, **settings: float) -> Record:
    lines = told if told is not None else []
    return open_record(clock or Clock(), Settings(**settings), lines.append)  # type: ignore[arg-type]


def answer(record: Record, card: str = "gelu/shape", rating: int = 3) -> Entry:
    return record.note(Entry(card, "answer", verdict="right", rating=rating, data={"answer": "1"}))


def test_a_day_ends_at_four_in_the_morning_of_the_learners_clock() -> None:
    for hour, day in ((3, 9), (4, 10), (12, 10), (23, 10)):
        assert study_day(NOON.replace(hour=hour), 4) == date(2026, 3, day)
    assert study_day(NOON.replace(hour=1), 0) == date(2026, 3, 10)


def test_an_answer_is_there_after_it_was_noted() -> None:
    noted = answer(opened())
    again = opened()
    assert list(again.entries()) == [noted]
    (card,) = again.schedule()
    assert card.card == "gelu/shape" and card.reviews == 1 and card.due > again.today


def test_ratings_move_the_due_day_as_fsrs_says() -> None:
    """First intervals at 90 % are the initial stabilities of FSRS-6 in whole days, none less than one."""
    days = [remembered("c", [(date(2026, 1, 1), rating)], 0.9) for rating in Rating]
    first = [(memory.due - memory.last).days for memory in days if memory is not None]
    assert first[:3] == [1, 1, 2] and 7 <= first[3] <= 9
    low, high = (remembered("c", [(date(2026, 1, 1), 4)], retention) for retention in (0.8, 0.95))
    assert low is not None and high is not None and low.due > high.due, "a higher retention comes back sooner"


def test_retrievability_falls_to_the_retention_when_a_card_is_due() -> None:
    """By the definition of stability: after S days the probability is 90 %."""
    day = date(2026, 1, 1)
    assert retrievability(10.0, day, day) == 1.0
    assert retrievability(10.0, day, day + timedelta(days=10)) == pytest.approx(0.9, abs=1e-9)


@pytest.mark.parametrize(
    ("wrong", "hints", "revealed", "seconds", "rating"),
    [
        (0, 0, False, 30, Rating.Good), (0, 0, False, 3, Rating.Easy), (0, 0, False, 900, Rating.Hard),
        (1, 0, False, 30, Rating.Hard), (0, 1, False, 3, Rating.Hard), (1, 1, False, 30, Rating.Again),
        (0, 0, True, 5, Rating.Again), (0, 2, False, 30, Rating.Again),
    ],
)  # fmt: skip
def test_ratings_follow_from_correctness_hints_and_time(
    wrong: int, hints: int, revealed: bool, seconds: float, rating: Rating
) -> None:
    assert rating_of(wrong, hints, revealed, seconds, Kind.EXPRESSION) is rating


def test_undo_and_a_changed_rating_are_entries_of_their_own() -> None:
    record = opened()
    first, second = answer(record), answer(record, rating=4)
    with_both = record.card("gelu/shape")
    record.note(Entry("gelu/shape", "undo", second.sitting))
    without = record.card("gelu/shape")
    record.note(Entry("gelu/shape", "rate", first.sitting, data={"rating": 1}))
    again = record.card("gelu/shape")
    assert with_both and without and again
    assert (with_both.reviews, without.reviews, again.reviews) == (2, 1, 1)
    assert again.stability < without.stability
    assert [entry.kind for entry in record.entries()] == ["answer", "answer", "undo", "rate"]


def test_the_log_cannot_be_changed() -> None:
    record = opened()
    answer(record)
    for statement in ("DELETE FROM log", "UPDATE log SET rating = 4"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            record.db.execute(statement)


ratings = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["a", "b", "c"]), st.integers(1, 4)), max_size=25)


@given(ratings, st.lists(st.sampled_from(["", "undo", "rate"]), max_size=25))
def test_a_rebuilt_schedule_is_the_stored_one(history: list[tuple[int, str, int]], thoughts: list[str]) -> None:
    clock = Clock()
    record = in_memory(clock, Settings())
    sittings: list[tuple[str, str]] = []
    for days, card, rating in history:
        clock.now = NOON + timedelta(days=days)  # also backwards: a clock that was set, or a record that was joined
        sittings.append((card, answer(record, card, rating).sitting))
    for (card, sitting), kind in zip(sittings, thoughts, strict=False):
        if kind:
            record.note(Entry(card, kind, sitting, data={"rating": 2} if kind == "rate" else {}))
    stored = record.schedule()
    record.rebuild()
    assert record.schedule() == stored


@given(ratings, ratings)
def test_two_machines_joined_either_way_have_one_record(
    here: list[tuple[int, str, int]], there: list[tuple[int, str, int]]
) -> None:
    machines = []
    for history in (here, there):
        clock = Clock()
        record = in_memory(clock, Settings())
        for days, card, rating in history:
            clock.now = NOON + timedelta(days=days)
            answer(record, card, rating)
        machines.append(record)
    exports = [list(written(machine.entries())) for machine in machines]
    for machine, export in zip(machines, reversed(exports), strict=True):
        machine.clock.now = NOON + timedelta(days=60)  # both look at their cards on the same day
        assert machine.merge(read(export, "other")) == len(export)
        assert machine.merge(read(export, "other")) == 0, "what is there already stays as it is"
    assert machines[0].schedule() == machines[1].schedule()
    assert list(machines[0].entries()) == list(machines[1].entries())


def test_what_a_later_version_wrote_is_kept_and_goes_out_again() -> None:
    record = opened()
    line = {
        "id": "x1", "at": "2026-01-01T00:00:00+00:00", "day": "2026-01-01", "card": "later/question", "sitting": "s",
        "kind": "whistle", "verdict": "perhaps", "rating": 0, "data": {"tune": 3}, "mood": "good",
    }  # fmt: skip
    assert record.merge(read([json.dumps(line)], "f")) == 1
    (out,) = written(record.entries())
    assert json.loads(out)["kind"] == "whistle" and json.loads(out)["data"] == {"tune": 3, "mood": "good"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "f:2"), ("[]", "no line of an export"), ('{"id": 3}', "`id`"), ("9" * 2_000_000, "no line"),
        ('{"id": "a", "at": "yesterday", "day": "2026-01-01", "card": "c", "sitting": "s", "kind": "answer",'
         ' "verdict": "", "rating": 1}', "time cannot be read"),
        ('{"id": "a", "at": "2026-01-01T00:00:00+00:00", "day": "2026-01-01", "card": "c", "sitting": "s",'
         ' "kind": "rate", "verdict": "", "rating": 0, "data": {"rating": "x"}}', "`data`"),
        ('{"id": "a", "at": "2026-01-01T00:00:00+00:00", "day": "2026-01-01", "card": "c", "sitting": "s",'
         ' "kind": "answer", "verdict": "", "rating": 9}', "rating from 0 to 4"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_the_others_are_taken(line: str, words: str, tmp_path: Path, cli: Cli) -> None:
    good = next(written([Entry("c", "answer", "s", "right", 3, {}, new_id(), NOON.isoformat(), "2026-03-10")]))
    (tmp_path / "f").write_text(f"{good}\n{line}\n", encoding="utf-8")
    result = cli("import", str(tmp_path / "f"))
    assert result.code == 1 and words in result.err and "f:2: " in result.err and len(result.err.splitlines()) == 1
    assert "1 of 1 entries are new" in result.out and len(list(opened().entries())) == 1


def test_export_and_import_by_the_command_line(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(opened())
    assert "1 entries" in cli("export", "progress", str(tmp_path / "out")).out
    monkeypatch.setenv("DLTEACH_HOME", str(tmp_path / "elsewhere"))
    assert "1 of 1" in cli("import", str(tmp_path / "out")).out
    assert "0 of 1" in cli("import", "-", stdin=(tmp_path / "out").read_text(encoding="utf-8")).out
    assert cli("export", "progress", "-").out == (tmp_path / "out").read_text(encoding="utf-8")


# ---- trouble with the file --------------------------------------------------------------------------


def damage(path: Path) -> None:
    """As after a fault of the disk: pages overwritten, nothing left beside the file."""
    record = opened()
    for number in range(400):
        answer(record, f"gelu/{number}")
    record.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    record.close()
    with path.open("r+b") as file:
        file.seek(0)
        file.write(b"not a database at all" * 400)


def test_a_damaged_file_is_kept_and_what_can_be_read_goes_on() -> None:
    damage(record_file())
    before = record_file().read_bytes()
    told: list[str] = []
    found = list(opened(told=told).entries())
    assert len(told) == 1 and f"{len(found)} of 400 entries could be read" in told[0] and len(found) > 350
    (kept,) = record_file().parent.glob("record-*.sqlite")
    assert kept.read_bytes() == before and kept.name in told[0]


def test_damage_inside_the_file_is_mended_when_it_is_met_and_told_once() -> None:
    record = opened()
    for number in range(2000):
        answer(record, f"gelu/{number}")
    opened().close()  # today's backup is there, so that nothing is looked through at the start
    record.close()
    size = record_file().stat().st_size
    with record_file().open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 2))
    told: list[str] = []
    broken = opened(told=told)
    assert len(list(broken.entries())) == 2000
    assert len(told) == 1 and "of 2,000 entries could be read" in told[0]
    assert "more came from the backup 2026-03-10" in told[0]
    broken.close()
    assert len(list(opened(told=told).entries())) == 2000 and len(told) == 1, "it is told once"


def test_a_backup_and_what_can_be_read_are_joined() -> None:
    clock = Clock()
    first = answer(opened(clock))
    clock.now += timedelta(days=1)
    opened(clock).close()  # the first opening of a day keeps a copy
    with record_file().open("r+b") as file:
        file.write(bytes(4 * 4096))
    told: list[str] = []
    record = opened(clock, told)
    assert list(record.entries()) == [first] and "came from the backup 2026-03-11" in told[0]


def test_a_file_of_a_newer_version_is_set_aside() -> None:
    record = opened()
    answer(record)
    record.db.execute("PRAGMA user_version = 99")
    record.close()
    told: list[str] = []
    assert len(list(opened(told=told).entries())) == 1, "what this version can read of it goes on"
    assert "newer dlteach (layout 99" in told[0] and "rename it back" in told[0]
    (kept,) = record_file().parent.glob("record-*.sqlite")
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("SELECT count(*) FROM log").fetchone() == (1,)


def test_another_programs_database_is_set_aside() -> None:
    record_file().parent.mkdir(parents=True)
    with closing(sqlite3.connect(record_file())) as db:
        db.execute("CREATE TABLE songs (title TEXT)")
    told: list[str] = []
    opened(told=told)
    assert "is no record of dlteach" in told[0]


def test_a_layout_is_changed_after_a_backup() -> None:
    record = opened()
    answer(record)
    record.close()
    newer = (*LAYOUTS, "ALTER TABLE place ADD COLUMN colour TEXT")
    record = open_record(Clock(), Settings(), lambda _: None, newer)
    assert record.db.execute("PRAGMA user_version").fetchone() == (len(newer),)
    assert len(list(record.entries())) == 1
    backup = record_file().parent / "backups" / f"2026-03-10-layout-{len(LAYOUTS)}.sqlite"
    with closing(sqlite3.connect(backup)) as db:
        assert db.execute("SELECT count(*) FROM log").fetchone() == (1,)


def test_a_layout_that_fails_changes_nothing() -> None:
    answer(opened())
    with pytest.raises(DlteachError, match="could not be kept"):
        open_record(Clock(), Settings(), lambda _: None, (*LAYOUTS, "CREATE TABLE x (a); SELECT nothing FROM nowhere"))
    record = opened()
    assert len(list(record.entries())) == 1
    assert record.db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'x'").fetchone() == (0,)


def test_seven_daily_backups_are_kept() -> None:
    clock = Clock()
    for _ in range(10):
        answer(opened(clock))
        clock.now += timedelta(days=1)
    kept = sorted(path.name for path in (record_file().parent / "backups").iterdir())
    assert len(kept) == 7 and kept[-1] == "2026-03-19.sqlite" and all(name.endswith(".sqlite") for name in kept)


def test_a_home_that_cannot_be_written_is_told_at_the_start(process: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    env = {"DLTEACH_HOME": str(tmp_path / "file" / "home")}
    for command in (("quiz", "gelu"), ("review", "gelu"), ("study", "gelu"), ("practice", "gelu")):
        result = process(*command, env=env, stdin="1\n")
        assert result.code == 2 and "answers could not be kept" in result.err and "--no-record" in result.err
        assert result.out == "" and len(result.err.splitlines()) == 1
    assert process("quiz", "gelu/shape", "--no-record", env=env, stdin="1\n").code == 0
    assert process(env=env).code == 0 and process("progress", env=env).code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_told_at_the_start_and_can_be_read(tmp_path: Path) -> None:
    answer(opened())
    home = record_file().parent
    home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with pytest.raises(DlteachError, match="could not be kept"):
            opened()
        assert len(list(open_to_read(Clock(), Settings(), print).entries())) == 1
    finally:
        home.chmod(stat.S_IRWXU)


def test_a_full_disk_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100))
    with pytest.raises(DlteachError, match="the disk is full"):
        opened()


def test_a_disk_that_fills_up_loses_only_what_was_not_shown() -> None:
    record = opened()
    answer(record)
    record.db.execute(f"PRAGMA max_page_count = {record.db.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(DlteachError, match="could not be kept"):
        for _ in range(200):
            record.note(Entry("gelu/shape", "answer", verdict="wrong", data={"answer": "x" * 2000}))
    record.db.execute("PRAGMA max_page_count = 1000000")
    answer(record)
    assert len(list(record.entries())) >= 2


def test_two_sessions_at_once_see_each_others_answers() -> None:
    one, other = opened(), opened()
    for _ in range(5):
        answer(one), answer(other)
    assert len(list(one.entries())) == len(list(other.entries())) == 10
    stored = one.schedule()
    one.rebuild()
    assert one.schedule() == stored and stored[0].reviews == 10


def test_reading_makes_no_file() -> None:
    assert not list(open_to_read(Clock(), Settings(), print).entries())
    assert not record_file().exists()


# ---- settings ---------------------------------------------------------------------------------------


def test_a_new_retention_makes_the_schedule_again() -> None:
    for _ in range(3):
        answer(opened(), rating=4)
    easy = opened().card("gelu/shape")
    strict = opened(retention=0.97).card("gelu/shape")
    assert easy and strict and strict.due < easy.due and strict.stability == easy.stability


def test_settings_are_written_read_and_checked(cli: Cli) -> None:
    assert read_settings() == Settings()
    assert changed("new_per_day", "3").new_per_day == 3
    assert changed("retention", "0.85") == Settings(0.85, 3, 4)
    assert "0.85" in cli("config", "retention").out
    assert json.loads(cli("config", "--json").out) == {"retention": 0.85, "new_per_day": 3, "day_ends": 4}
    for key, text, words in (
        ("retention", "2", "from 0.7 to 0.97"),
        ("day_ends", "x", "a whole number"),
        ("retentoin", "1", "did you mean retention"),
    ):
        result = cli("config", key, text)
        assert result.code == 2 and words in result.err
    assert read_settings() == Settings(0.85, 3, 4)


def test_a_setting_of_a_later_version_is_left_alone(cli: Cli, tmp_path: Path) -> None:
    changed("day_ends", "5")
    path = tmp_path / "home" / "config.toml"
    path.write_text(path.read_text() + 'colour = "red"\n')
    assert changed("day_ends", "6") == Settings(day_ends=6)
    assert 'colour = "red"' in path.read_text()
    path.write_text("day_ends = [")
    assert "config.toml: the settings cannot be read" in cli("config").err

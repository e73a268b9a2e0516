"""The journal: what is committed stays, of two owners one loses, trouble is told in a sentence."""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import pytest

from midwatch.base import errors
from midwatch.commands import model as commands
from midwatch.db import connection, migration
from midwatch.runs import chain, events, journal, model, record, shell_events

NOW = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)
STEP = model.PlannedStep(
    index=0,
    line=7,
    title="Look",
    phase="diagnose",
    kind="shell",
    language="bash",
    text="true",
    effect=commands.Effect.READ,
    carrier=model.Carrier.SHELL,
    digest="d",
    traits=frozenset({commands.Trait.WAITS, commands.Trait.LOCAL}),
    fine_exits={1: "found nothing"},
    undo=("kubectl rollout undo",),
    records=(model.Recording("stat -c %a f", "chmod {recorded} f", "as before"),),
    captures=("TOKEN",),
    reveals=True,
)
PLAN = model.Plan("r.md", "0" * 64, "mend-it", "Mend it", "production", (STEP,), "/work")
FINISHED = events.StepFinished(
    0, 1, 1, events.Verdict.FINE, "found nothing", 0.5, 3, "ab", "é\n", "X=1\n"
)
EVERY: list[events.Event] = [
    events.Resumed("process 1"),
    events.Approved(0, "d", "a person"),
    events.Looked(0, "d", "kubectl get pods", 0, 0.5, 3, "ab", "é\n"),
    events.GlassBroken(0, "d", "ana", "the site is down", "Frozen."),
    events.Chosen("c", "via Git", "--choose"),
    events.ConditionAnswered("lag persists", holds=True, how="a person"),
    events.StepStarted(0, 1, "boot"),
    events.StepAttached(0, 1),
    FINISHED,
    events.Checked(0, 1, events.Check.FAILS, "less than 100", "4711", 5.0, "a person"),
    events.Replanned(PLAN, 0, "ana"),
    events.StepInterrupted(0, 1, "Ctrl-C"),
    events.StepNeverBegan(0, 1),
    events.StepInDoubt(0, 1, "cut off"),
    events.DoubtSettled(0, events.Doubt.DONE, "a person"),
    events.FailureSettled(0, events.AfterFailure.SKIP, "not now"),
    events.StepSkipped(0, "not now"),
    events.ScriptSaved(0, "health.sh"),
    events.DoneByPerson(0, ""),
    events.LeftToDo(0, "tell the channel"),
    events.Refused(0, "policy", "another way"),
    events.Waiting(0, "which one?", in_doubt=True),
    events.Interrupted("Ctrl-C"),
    events.Remembered(0, "stat -c %a f", word="644", file="step-001-was-1.output", size=4),
    events.HandedOver(0, "ana", "db-2 is full"),
    events.UndoBegan("another", "ben"),
    shell_events.ExitTrapStarted(1, "boot", "rm -rf x"),
    shell_events.ExitTrapFinished(1, None, "cut off", 0.5, 3, "ab", "é\n", "X=1\n"),
    shell_events.ShellOpened(0, 1, "boot", "ana"),
    shell_events.ShellClosed(0, 1, 0, 9.5, 3, "ab", "é\n", ("folder", "X"), "X=1\n", "rm x"),
    shell_events.ShellCarried(0, 1, carried=True, how="ana"),
    events.Finished(model.Outcome.SUCCEEDED, ""),
]


@pytest.fixture
def records(tmp_path: Path) -> journal.Journal:
    made = journal.Journal(tmp_path)
    assert made.create("run", NOW, events.Planned(PLAN))
    return made


def test_what_was_written_is_read_again_word_for_word(records: journal.Journal) -> None:
    for seq, event in enumerate(EVERY, start=1):
        records.append("run", seq, NOW, event)

    assert [each.event for each in records.read("run")] == [events.Planned(PLAN), *EVERY]
    assert {type(event) for event in EVERY} == {events.Replanned, *record.SHAPES}


def test_of_two_owners_the_second_loses_before_it_acts(
    records: journal.Journal, tmp_path: Path
) -> None:
    other = journal.Journal(tmp_path)
    other.append("run", 1, NOW, events.Resumed("the other"))

    with pytest.raises(journal.TakenError, match="Another Midwatch has taken run"):
        records.append("run", 1, NOW, events.Finished(model.Outcome.FAILED, "ours"))

    assert [each.event for each in other.read("run")][1:] == [events.Resumed("the other")]
    assert other.runs(1)[0].outcome is model.Outcome.RUNNING


def test_a_commit_waits_for_the_disk(records: journal.Journal) -> None:
    database = records.database.connection
    (mode,) = database.execute("pragma journal_mode").fetchone()
    (level,) = database.execute("pragma synchronous").fetchone()

    assert (mode, level) == ("wal", 2)


def test_a_full_disk_is_told_and_loses_nothing(records: journal.Journal) -> None:
    database = records.database.connection
    (pages,) = database.execute("pragma page_count").fetchone()
    database.execute(f"pragma max_page_count = {pages + 2}")
    long = "x" * 200_000

    with pytest.raises(errors.WorldError, match="The disk is full"):
        records.append("run", 1, NOW, events.Interrupted(long))
    with pytest.raises(errors.WorldError, match="The disk is full"):
        records.append("run", 1, NOW, events.StepSkipped(0, long))

    assert [each.seq for each in records.read("run")] == [0]
    database.execute(f"pragma max_page_count = {pages + 1000}")
    records.append("run", 1, NOW, events.Interrupted(long))
    assert [each.seq for each in records.read("run")] == [0, 1]


def test_a_torn_tail_of_the_log_loses_only_what_was_not_committed(tmp_path: Path) -> None:
    """A power cut while the last commit is written: all the others are there."""
    made = journal.Journal(tmp_path / "a")
    assert made.create("run", NOW, events.Planned(PLAN))
    for seq in range(1, 20):
        made.append("run", seq, NOW, events.StepAttached(0, seq))
    for name in ("midwatch.db", "midwatch.db-wal"):
        copy = tmp_path / "b" / name
        copy.parent.mkdir(exist_ok=True)
        data = (tmp_path / "a" / name).read_bytes()
        copy.write_bytes(data[:-100] if name.endswith("wal") else data)

    found = journal.Journal(tmp_path / "b").read("run")

    assert [each.seq for each in found] == list(range(19))


def test_a_file_of_a_newer_midwatch_is_left_alone(tmp_path: Path) -> None:
    journal.Journal(tmp_path).close()
    database = sqlite3.connect(tmp_path / "midwatch.db")
    database.execute("pragma user_version = 99")
    database.close()

    with pytest.raises(errors.WorldError, match="newer Midwatch"):
        journal.Journal(tmp_path)


def test_an_event_nobody_knows_is_told(records: journal.Journal) -> None:
    records.database.connection.execute(
        "insert into run_events (run_id, seq, at, kind, payload) "
        "values ('run', 1, ?, 'step-danced', '{}')",
        (NOW.isoformat(),),
    )

    with pytest.raises(errors.WorldError, match="`step-danced`"):
        records.read("run")


def test_a_migration_that_fails_half_way_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.sql").write_text("create table a (x);")
    database = connection.connect(tmp_path / "other.db")
    database.execute("pragma user_version = 0")
    (folder / "0002_second.sql").write_text("create table b (x); create nonsense;")

    with pytest.raises(sqlite3.OperationalError):
        migration.apply(database, folder)

    (version,) = database.execute("pragma user_version").fetchone()
    tables = {name for (name,) in database.execute("select name from sqlite_master")}
    assert version == 0
    assert {"a", "b"} & tables == set()


def test_a_run_is_found_by_the_end_of_its_id(tmp_path: Path) -> None:
    made = journal.Journal(tmp_path)
    for run_id in ("1122-0314-aaaa", "1122-0314-bbbb"):
        assert made.create(run_id, NOW, events.Planned(PLAN))

    assert made.find("1122-0314-aaaa") == "1122-0314-aaaa"
    assert made.find("bbbb") == "1122-0314-bbbb"
    with pytest.raises(errors.UserError, match="fits more than one run"):
        made.find("1122")
    with pytest.raises(errors.UserError, match="There is no run"):
        made.find("____")
    with pytest.raises(errors.UserError):
        made.find("")


def test_an_id_that_is_taken_is_not_given_twice(records: journal.Journal) -> None:
    assert not records.create("run", NOW, events.Planned(PLAN))


def test_the_list_tells_how_each_run_stands(records: journal.Journal) -> None:
    records.append("run", 1, NOW, events.Waiting(0, "?", in_doubt=True))
    assert records.runs(5)[0].outcome is model.Outcome.IN_DOUBT
    records.append("run", 2, NOW, events.Resumed("me"))
    assert records.runs(5)[0].outcome is model.Outcome.RUNNING
    records.append("run", 3, NOW, events.Finished(model.Outcome.SUCCEEDED, ""))
    assert records.runs(5)[0].outcome is model.Outcome.SUCCEEDED


def test_nobody_but_the_owner_may_read_the_file(records: journal.Journal) -> None:
    assert oct(records.path.stat().st_mode)[-3:] == "600"


def test_a_folder_that_a_group_shares_lets_the_group_and_nobody_else_write(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o2770)

    made = journal.Journal(folder)

    assert oct(made.path.stat().st_mode)[-3:] == "660"


def test_each_event_carries_a_hash_over_all_before_it(records: journal.Journal) -> None:
    for seq, event in enumerate(EVERY, start=1):
        records.append("run", seq, NOW, event)

    lines = [chain.of(entry) for entry in records.entries("run")]

    assert len(lines) == len(EVERY) + 1
    assert all(line.hash for line in lines)
    assert chain.first_break(lines) is None


def test_a_run_older_than_the_chain_is_read_and_chained_from_here_on(
    records: journal.Journal,
) -> None:
    records.append("run", 1, NOW, events.Resumed("me"))
    records.database.connection.execute("update run_events set hash = null")

    records.append("run", 2, NOW, events.Interrupted("Ctrl-C"))

    lines = [chain.of(entry) for entry in records.entries("run")]
    assert [bool(line.hash) for line in lines] == [False, False, True]
    assert chain.first_break(lines) is None
    assert [each.seq for each in records.read("run")] == [0, 1, 2]


def test_another_midwatch_goes_on_with_the_chain(records: journal.Journal, tmp_path: Path) -> None:
    records.append("run", 1, NOW, events.Resumed("one"))
    journal.Journal(tmp_path).append("run", 2, NOW, events.Resumed("two"))
    records.append("run", 3, NOW, events.Resumed("one"))

    assert chain.first_break([chain.of(entry) for entry in records.entries("run")]) is None


def test_tables_without_a_chain_are_brought_up_to_date_and_lose_nothing(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "midwatch.db")
    database.executescript((migration.FOLDER / "0001_runs.sql").read_text(encoding="utf-8"))
    database.execute("pragma user_version = 1")
    row = ("run", NOW.isoformat(), "planned", record.text(events.Planned(PLAN)))
    database.execute("insert into run_events values (?, 0, ?, ?, ?)", row)
    database.commit()
    database.close()

    found = journal.Journal(tmp_path).read("run")

    assert [each.event for each in found] == [events.Planned(PLAN)]

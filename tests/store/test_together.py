"""Many threads write to one watch: each transaction is whole, alone, and on disk."""

from __future__ import annotations

import concurrent.futures
import sqlite3
from pathlib import Path

import pytest

from midwatch.base import errors
from midwatch.db import store, together

ADD = "insert into standing (name, value, at, by_whom) values (:name, :value, '', '')"


def add(name: str, value: object = "") -> tuple[str, dict[str, object]]:
    return (ADD, {"name": name, "value": value})


def names(where: store.Store) -> set[str]:
    return {row[0] for row in where.rows("select name from standing")}


def url(folder: Path) -> str:
    return f"sqlite://{folder / 'watch.db'}"


def test_what_threads_write_at_once_is_all_there_and_each_whole(tmp_path: Path) -> None:
    store.connect(url(tmp_path)).close()

    def write(thread: int) -> list[bool]:
        where = store.connect(url(tmp_path))
        told = [
            where.write(add(f"{thread}-{n}-a"), add(f"shared-{n}"), add(f"{thread}-{n}-b"))
            for n in range(40)
        ]
        where.close()
        return told

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        told = list(pool.map(write, range(6)))

    where = store.connect(url(tmp_path))
    found = names(where)
    where.close()
    for n in range(40):
        assert [told[thread][n] for thread in range(6)].count(True) == 1
        for thread in range(6):
            whole = {f"{thread}-{n}-a", f"{thread}-{n}-b"}
            assert whole & found == (whole if told[thread][n] else set())


def test_what_is_wrong_with_one_leaves_the_others_alone(tmp_path: Path) -> None:
    where = store.connect(url(tmp_path))
    connection = sqlite3.connect(tmp_path / "watch.db", isolation_level=None)
    turns = together.Turns()
    given = [
        together.Transaction([add("first")]),
        together.Transaction([add("half"), ("insert into nowhere values (1)", {})]),
        together.Transaction([add("half"), add("first")]),
        together.Transaction([add("half"), add("surrogate", "\ud800")]),
        together.Transaction([add("last")]),
    ]
    turns._waiting.extend(given)

    assert turns.write(connection, [add("own")])

    assert [each.written for each in given] == [True, False, False, False, True]
    assert [type(each.error) for each in given] == [
        type(None),
        sqlite3.OperationalError,
        type(None),
        UnicodeEncodeError,
        type(None),
    ]
    assert names(where) == {"first", "last", "own"}
    connection.close()
    where.close()


def test_a_file_that_another_process_locks_is_told_to_all_that_wait(tmp_path: Path) -> None:
    where = store.connect(url(tmp_path))
    other = sqlite3.connect(tmp_path / "watch.db", isolation_level=None)
    impatient = sqlite3.connect(tmp_path / "watch.db", isolation_level=None, timeout=0.1)
    turns = together.Turns()
    waits = together.Transaction([add("waits")])
    turns._waiting.append(waits)
    other.execute("begin immediate")

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        turns.write(impatient, [add("own")])

    assert isinstance(waits.error, sqlite3.OperationalError)
    other.execute("rollback")
    assert turns.write(impatient, [add("again")])
    assert names(where) == {"again"}
    for each in (other, impatient, where):
        each.close()


def test_a_query_that_is_wrong_is_a_sentence(tmp_path: Path) -> None:
    where = store.connect(url(tmp_path))

    with pytest.raises(errors.WorldError, match="no such table: nowhere"):
        where.write(("insert into nowhere values (1)", {}))

    assert where.write(add("after"))
    where.close()


class Interrupting(sqlite3.Connection):
    """Ctrl-C in the middle of the commit."""

    def execute(self, query: str, *values: object) -> sqlite3.Cursor:
        if query == "commit":
            raise KeyboardInterrupt
        return super().execute(query, *values)  # type: ignore[arg-type]


def test_nobody_is_told_that_it_is_written_when_the_commit_is_interrupted(tmp_path: Path) -> None:
    where = store.connect(url(tmp_path))
    path = tmp_path / "watch.db"
    connection = sqlite3.connect(path, isolation_level=None, factory=Interrupting)
    turns = together.Turns()
    waits = together.Transaction([add("waits")])
    turns._waiting.append(waits)

    with pytest.raises(KeyboardInterrupt):
        turns.write(connection, [add("own")])

    assert (waits.over, waits.written) == (True, False)
    assert isinstance(waits.error, sqlite3.OperationalError)
    assert names(where) == set()
    assert where.write(add("after"))
    connection.close()
    where.close()

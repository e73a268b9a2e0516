"""What a database can take back, what needs a session, and which rows are shown beforehand."""

from __future__ import annotations

import pytest

from midwatch.plugs.steps import sql, sql_preview, sql_statements
from midwatch.plugs.steps.databases import model

AT_ONCE = [
    ("postgres", "VACUUM ANALYZE jobs"),
    ("postgres", "-- first\nCREATE INDEX CONCURRENTLY a ON jobs (id)"),
    ("postgres", "CREATE UNIQUE INDEX CONCURRENTLY a ON jobs (id)"),
    ("postgres", "ALTER SYSTEM SET work_mem = '8MB'"),
    ("postgres", "SELECT pg_reload_conf()"),
    ("postgres", "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity"),
    ("postgres", "CALL archive()"),
    ("mysql", "ALTER TABLE jobs ADD COLUMN x int"),
    ("mysql", "TRUNCATE jobs"),
    ("mysql", "KILL 7"),
    ("mysql", "SET GLOBAL max_connections = 500"),
    ("mysql", "OPTIMIZE TABLE jobs"),
    ("sqlite", "VACUUM"),
    ("clickhouse", "ALTER TABLE jobs DELETE WHERE id = 1"),
]
HELD = [
    ("postgres", "UPDATE jobs SET state = 'new'"),
    ("postgres", "CREATE INDEX a ON jobs (id)"),
    ("postgres", "DROP TABLE jobs"),
    ("postgres", "TRUNCATE jobs"),
    ("mysql", "DELETE FROM jobs WHERE id = 1"),
    ("sqlite", "DROP TABLE jobs"),
]


@pytest.mark.parametrize(("dialect", "statement"), AT_ONCE)
def test_what_cannot_be_taken_back_says_so(dialect: str, statement: str) -> None:
    assert sql_statements.held(statement, dialect) is sql_statements.Held.NO
    assert "at once" in sql_statements.at_once_sentence(statement, dialect)


@pytest.mark.parametrize(("dialect", "statement"), HELD)
def test_a_transaction_holds_the_rest(dialect: str, statement: str) -> None:
    assert sql_statements.held(statement, dialect) is sql_statements.Held.YES


@pytest.mark.parametrize(
    "statement",
    ["BEGIN;", "COMMIT", "rollback to a", "SET search_path = x", "USE shop", "LOCK TABLES a READ",
     "CREATE TEMP TABLE t AS SELECT 1", "START TRANSACTION", "PREPARE p AS SELECT 1"],
)  # fmt: skip
def test_what_needs_its_session_is_a_persons(statement: str) -> None:
    assert "session" in sql.by_hand(statement, "postgresql://h/d")


@pytest.mark.parametrize("statement", ["\\dt", "SELECT 1\\gx", ".tables"])
def test_what_only_a_console_knows_is_a_persons(statement: str) -> None:
    assert "console" in sql.by_hand(statement, "postgresql://h/d")


def test_two_statements_are_not_one_step() -> None:
    assert sql.by_hand("SELECT 1; DELETE FROM jobs", "sqlite:///a.db")
    assert not sql.by_hand("SELECT ';';", "sqlite:///a.db")


def test_an_unknown_database_is_a_persons() -> None:
    assert "oracle" in sql.by_hand("SELECT 1", "oracle://h/d")


def test_the_rows_of_a_change_are_asked_for_by_its_own_condition() -> None:
    statement = model.Statement(("UPDATE jobs SET state = ", " WHERE id = ", ""), ("new", 7))

    query = sql_preview.of(statement, "postgres")

    assert query == model.Statement(("SELECT * FROM jobs WHERE id = ", " LIMIT 5"), (7,))


@pytest.mark.parametrize(
    "text",
    ["UPDATE a SET x = b.x FROM b WHERE a.id = b.id", "INSERT INTO a VALUES (1)", "DROP TABLE a",
     "DELETE FROM a USING b WHERE a.id = b.id", "not sql at all ("],
)  # fmt: skip
def test_rows_that_are_not_plain_to_see_are_not_guessed(text: str) -> None:
    assert sql_preview.of(model.Statement((text,)), "postgres") is None

"""A SQL step: reads in a transaction that cannot write, changes shown before they are kept."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from midwatch.commands import model as commands
from midwatch.commands.embedded import sql as sql_text
from midwatch.plugs.steps import (
    ended,
    hold,
    sql_preview,
    sql_statements,
    tables,
    worker_files,
    worker_output,
)
from midwatch.plugs.steps.databases import model, opening

HOLD_SECONDS = 120.0
"""How long a transaction may stay open for a person's word: it keeps others out meanwhile."""
READ_SECONDS = 60.0
CHANGE_SECONDS = 300.0
LOCK_SECONDS = 10.0
LOOK_SECONDS = 5.0


@dataclasses.dataclass(frozen=True, slots=True)
class _Work:
    """One statement on one connection."""

    request: worker_files.Request
    folder: Path
    statement: model.Statement
    database: model.Database
    dialect: str


def carry_out(request: worker_files.Request, folder: Path, url: str) -> ended.Exit:
    """Carry the statement out; the exit says what became of it."""
    dialect = opening.dialect(url) or ""
    statement = model.Statement(request.pieces, values(request))
    if sql_statements.count(statement.text()) != 1:
        return _failed(folder, "a step carries out one statement, and this is not one")
    database = opening.connect(url)
    work = _Work(request, folder, statement, database, dialect)
    try:
        return _one(work)
    except model.StatementError as error:
        return _failed(folder, str(error))
    except model.UnknownEndError as error:
        if request.effect == commands.Effect.READ:
            return _failed(folder, f"the connection was lost: {error}")
        worker_files.mean(folder, f"the connection was lost on the way: {error}")
        return ended.Exit.IN_DOUBT
    except KeyboardInterrupt:
        return _interrupted(work)
    finally:
        database.close()


def values(request: worker_files.Request) -> tuple[str | int, ...]:
    """The values that go beside the text; a secret one is taken from its variable."""
    return tuple(
        os.environ[each["variable"]] if each.get("variable") else each["value"]
        for each in request.parameters
    )


def _failed(folder: Path, why: str) -> ended.Exit:
    sentence = f"the database said: {why}"
    worker_output.say(sentence)
    worker_files.mean(folder, sentence)
    return ended.Exit.FAILED


def _interrupted(work: _Work) -> ended.Exit:
    """Stopped on the way: end it on the server too, and take back what can be taken back."""
    try:
        work.database.cancel()
    except (model.StatementError, model.UnknownEndError) as error:
        worker_output.say(f"It was stopped here; whether on the server, is not known: {error}")
        return ended.Exit.IN_DOUBT
    transaction = sql_statements.held(work.statement.text(), work.dialect)
    if work.request.effect == commands.Effect.READ or transaction is sql_statements.Held.YES:
        worker_output.say("It was stopped, and nothing of it stays.")
        return ended.Exit.ROLLED_BACK
    return ended.Exit.IN_DOUBT


def _one(work: _Work) -> ended.Exit:
    if work.request.effect == commands.Effect.READ:
        return _read(work)
    if sql_statements.held(work.statement.text(), work.dialect) is sql_statements.Held.NO:
        return _at_once(work)
    return _change(work)


def _read(work: _Work) -> ended.Exit:
    """In a transaction that the server holds to reading, whatever the statement turns out to be."""
    seconds = work.request.seconds or READ_SECONDS
    work.database.begin(model.Limits(seconds, LOCK_SECONDS), read_only=True)
    _show(work.database.run(work.statement))
    work.database.rollback()
    return ended.Exit.DONE


def _at_once(work: _Work) -> ended.Exit:
    """What no transaction can hold takes effect at once."""
    text = work.statement.text()
    worker_output.say(sql_statements.at_once_sentence(text, work.dialect))
    long = sql_statements.is_long(text)
    seconds = None if long else work.request.seconds or CHANGE_SECONDS
    work.database.at_once(model.Limits(seconds, None if long else LOCK_SECONDS))
    _show(work.database.run(work.statement))
    return ended.Exit.DONE


def _change(work: _Work) -> ended.Exit:
    """Change inside a transaction, show what changed, and keep it or take it back."""
    database = work.database
    seconds = work.request.seconds or CHANGE_SECONDS
    if sql_statements.is_long(work.statement.text()):
        seconds = max(seconds, 24 * 3600.0)
    _preview(work)
    database.begin(model.Limits(seconds, LOCK_SECONDS), read_only=False)
    worker_files.mark(work.folder, worker_files.HOLDING)
    try:
        result = database.run(work.statement)
    except model.StatementError:
        _say_rollback(work)
        raise
    _show(result)
    what = f"{_count(result)} changed, and nothing is kept yet"
    if work.request.ask and not hold.said_yes(work.folder, what, "Commit", HOLD_SECONDS):
        _say_rollback(work)
        return ended.Exit.ROLLED_BACK
    worker_files.mark(work.folder, worker_files.COMMITTING)
    database.commit()
    worker_output.say("Committed.")
    return ended.Exit.DONE


def _preview(work: _Work) -> None:
    """Some rows that it will touch, as they are now; a look that may not take long."""
    query = sql_preview.of(work.statement, work.dialect)
    if query is None:
        return
    try:
        work.database.begin(model.Limits(LOOK_SECONDS, LOOK_SECONDS), read_only=True)
        found = work.database.run(query)
    except model.StatementError as error:
        worker_output.say(f"The rows it touches cannot be shown: {error}")
        return
    finally:
        work.database.rollback()
    if found.rows:
        worker_output.say(f"Before the change, up to {sql_preview.SAMPLE} of the rows it touches:")
        for line in tables.lines(found.columns, found.rows):
            worker_output.say(line)


def _say_rollback(work: _Work) -> None:
    worker_output.say(work.database.rollback() or "Rolled back: nothing changed.")


def _count(result: model.Result) -> str:
    if result.affected is not None:
        return _rows(result.affected)
    return _rows(len(result.rows)) if result.columns else "Something"


def _show(result: model.Result) -> None:
    for line in tables.lines(result.columns, result.rows):
        worker_output.say(line)
    if result.columns:
        number = len(result.rows)
        more = f"the first {number} rows; there are more" if result.more else ""
        worker_output.say(f"({more or _rows(number)})")
    elif result.affected is not None:
        worker_output.say(f"{_rows(result.affected)} affected")


def _rows(number: int) -> str:
    return f"{number} row" + ("" if number == 1 else "s")


def by_hand(text: str, url: str) -> str:
    """Why a person runs this statement in a console; nothing where Midwatch can."""
    if opening.dialect(url) is None:
        scheme = url.partition("://")[0]
        return f"Midwatch knows no database whose URL begins with “{scheme}”: a person runs it."
    if sql_statements.of_console(text):
        return "It holds commands of a console, which no server knows: a person runs it there."
    if sql_statements.count(text) != 1:
        return "It is not one statement: a person runs it in a console."
    if sql_statements.needs_session(text):
        return "It only counts in one session with what stands around it: a person runs it there."
    return ""


def judged(text: str, url: str) -> commands.Judgement:
    """What the statement does, in the dialect of the database it goes to."""
    readers = {"mysql": sql_text.mysql_verdict, "clickhouse": sql_text.clickhouse_verdict}
    verdict = readers.get(opening.dialect(url) or "", sql_text.verdict)(text)
    return commands.Judgement(verdict.effect, verdict.why, frozenset(verdict.traits))

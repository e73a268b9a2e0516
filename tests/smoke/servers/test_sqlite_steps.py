"""SQL in a run, against a SQLite file: no server, so these always run."""

from __future__ import annotations

import contextlib
import os
import re
import select
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

Desk = Any


def runbook(*statements: str, phase: str = "Resolution") -> str:
    blocks = "\n".join(f"```sql\n{each}\n```\n" for each in statements)
    return f"# Work\n\n## Mend it\n\n**{phase}:**\n\n{blocks}"


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """A desk with a target whose database holds three orders."""
    desk.write('[targets.shop]\nsql = "sqlite:///shop.db"\n', "midwatch.toml")
    with contextlib.closing(sqlite3.connect(desk.folder / "shop.db")) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, name TEXT, state TEXT)")
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?)",
            [(1, "anna", "stuck"), (2, "o'neil", "stuck"), (3, "eve", "done")],
        )
        connection.commit()
    return desk


def orders(desk: Desk) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(desk.folder / "shop.db")) as connection:
        return connection.execute("SELECT id, state FROM orders ORDER BY id").fetchall()


def test_a_read_shows_its_rows(shop: Desk) -> None:
    shop.write(runbook("SELECT state, count(*) AS many FROM orders GROUP BY state"))

    done = shop.run()

    assert done.code == 0, done.output + done.errors
    assert "state │ many\n──────┼─────\ndone  │    1\nstuck │    2\n(2 rows)" in done.output


def test_a_change_waits_for_a_yes(shop: Desk) -> None:
    shop.write(runbook("UPDATE orders SET state = 'new' WHERE state = 'stuck'"))

    waiting = shop.run()

    assert waiting.code == 4
    assert orders(shop) == [(1, "stuck"), (2, "stuck"), (3, "done")]


def test_a_change_shows_the_rows_before_it_keeps_it(shop: Desk) -> None:
    shop.write(runbook("UPDATE orders SET state = 'new' WHERE state = 'stuck'"))

    done = shop.run("--yes", "change", "--json")

    [finished] = done.finished()
    assert "Before the change" in finished["tail"]
    assert " 1 │ anna   │ stuck" in finished["tail"]
    assert "2 rows affected\nCommitted." in finished["tail"]
    assert orders(shop) == [(1, "new"), (2, "new"), (3, "done")]


def test_a_statement_that_fails_leaves_nothing(shop: Desk) -> None:
    shop.write(runbook("UPDATE orders SET absent = 1"))

    failed = shop.run("--yes", "change", "--json")

    [finished] = failed.finished()
    assert failed.code == 1
    assert finished["verdict"] == "failed"
    assert finished["meaning"] == "the database said: no such column: absent"


def test_an_input_is_a_value_and_nothing_else(shop: Desk) -> None:
    shop.write(runbook("UPDATE orders SET state = 'new' WHERE name = '<order-name>'"))

    done = shop.run("--yes", "change", "--set", "order-name=x' OR '1'='1")
    assert done.code == 0, done.output + done.errors
    assert orders(shop) == [(1, "stuck"), (2, "stuck"), (3, "done")]

    done = shop.run("--yes", "change", "--set", "order-name=o'neil")
    assert done.code == 0, done.output + done.errors
    assert orders(shop) == [(1, "stuck"), (2, "new"), (3, "done")]


def test_an_author_s_transaction_is_left_whole_to_a_person(shop: Desk) -> None:
    shop.write(runbook("BEGIN;\nDELETE FROM orders;\nROLLBACK;"))

    waiting = shop.run("--yes", "change")

    assert waiting.code == 4
    assert "one session with a transaction" in waiting.output
    assert len(orders(shop)) == 3


def test_without_an_address_a_person_runs_it(desk: Desk) -> None:
    desk.write(runbook("SELECT 1"))

    waiting = desk.run()

    assert waiting.code == 4
    assert "the target names none" in waiting.output


def test_a_variable_that_is_not_set_is_named(desk: Desk) -> None:
    desk.write('[targets.shop]\nsql = "${SHOP_DATABASE}"\n', "midwatch.toml")
    desk.write(runbook("SELECT 1"))

    assert "needs SHOP_DATABASE, which is not set" in desk.run().output
    assert desk.run(SHOP_DATABASE="sqlite:///other.db").code == 1


def at_a_terminal(desk: Desk, *answers: tuple[str, str]) -> str:
    """Run at a terminal; each answer is given once its question is there."""
    ours, theirs = os.openpty()
    process = desk.loaded.start(
        ("run", "RUNBOOK.md#mend-it"),
        folder=desk.folder,
        environment={**desk.environment, "TERM": "xterm", "NO_COLOR": "1"},
        terminal=theirs,
    )
    os.close(theirs)
    seen, waiting = "", list(answers)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                data = os.read(ours, 4096)
            except OSError:
                break
            if not data:
                break
            seen += data.decode("utf-8", "replace").replace("\r\n", "\n")
        if waiting and re.search(waiting[0][0], seen):
            seen = re.sub(waiting[0][0], "·", seen, count=1)
            os.write(ours, waiting.pop(0)[1].encode() + b"\n")
    process.wait(timeout=10)
    os.close(ours)
    assert not waiting, seen
    return seen


def test_a_person_sees_what_changed_and_takes_it_back(shop: Desk) -> None:
    shop.write(runbook("UPDATE orders SET state = 'new' WHERE state = 'stuck'"))

    seen = at_a_terminal(
        shop,
        (r"Run it on shop\?", "y"),
        (r"2 rows changed, and nothing is kept yet\. Commit\?", "n"),
        (r"What now\?", "a"),
        (r"Why\?", "wrong rows"),
    )

    assert "a person said no" in seen
    assert orders(shop) == [(1, "stuck"), (2, "stuck"), (3, "done")]


def test_a_person_sees_what_changed_and_keeps_it(shop: Desk) -> None:
    shop.write(runbook("UPDATE orders SET state = 'new' WHERE state = 'stuck'"))

    seen = at_a_terminal(shop, (r"Run it on shop\?", "y"), (r"nothing is kept yet\. Commit\?", "y"))

    assert "Committed." in seen
    assert orders(shop) == [(1, "new"), (2, "new"), (3, "done")]


def test_a_person_cuts_a_wait_short(desk: Desk) -> None:
    desk.write("# Work\n\n## Mend it\n\n**Resolution:**\n\nWait 5 minutes.\n")
    began = time.monotonic()

    seen = at_a_terminal(desk, (r"left \(Enter goes on at once\)", ""))

    assert "A person went on with" in seen
    assert time.monotonic() - began < 30


def test_a_wait_goes_on_where_a_crash_left_it(desk: Desk) -> None:
    desk.write("# Work\n\n## Mend it\n\n**Resolution:**\n\nWait 2 seconds.\n")
    process, run_id = desk.begin()
    began = time.monotonic()
    assert process.stdout is not None
    assert "step-started" in process.stdout.readline()
    desk.kill(process)

    done = desk.midwatch("resume", run_id, "--json")

    assert done.code == 0, done.output + done.errors
    assert 1 < time.monotonic() - began < 6


def test_midwatch_dies_and_the_change_does_not(shop: Desk) -> None:
    slow = (
        "UPDATE orders SET state = 'new' WHERE (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
        "SELECT x + 1 FROM c WHERE x < 3000000) SELECT count(*) FROM c) > 0"
    )
    shop.write(runbook(slow))
    process, run_id = shop.begin("--yes", "change")
    until_it_holds(shop, run_id)
    shop.kill(process)

    done = shop.midwatch("resume", run_id, "--json")

    assert done.code == 0, done.output + done.errors
    assert [each["kind"] for each in done.events].count("step-started") == 0
    assert [each["verdict"] for each in done.finished()] == ["ok"]
    assert {state for _, state in orders(shop)} == {"new"}


def test_a_change_cut_off_in_its_transaction_is_in_doubt_and_says_what_is_known(shop: Desk) -> None:
    slow = (
        "UPDATE orders SET state = 'new' WHERE (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
        "SELECT x + 1 FROM c WHERE x < 300000000) SELECT count(*) FROM c) > 0"
    )
    shop.write(runbook(slow))
    process, run_id = shop.begin("--yes", "change")
    folder = until_it_holds(shop, run_id)
    shop.kill(process)
    assert kill_all_of(folder.parent)

    waiting = shop.midwatch("resume", run_id, "--json", "--yes", "change")

    assert waiting.code == 4, waiting.output
    [doubt] = [each for each in waiting.events if each["kind"] == "step-in-doubt"]
    assert "before COMMIT was sent" in doubt["why"]
    assert orders(shop) == [(1, "stuck"), (2, "stuck"), (3, "done")]


def until_it_holds(desk: Desk, run_id: str) -> Path:
    """Wait until the step's transaction is open; the folder it talks in."""
    state = Path(desk.environment["MIDWATCH_STATE"])
    folder = state / "runs" / run_id / "step-001-1.outside"
    end = time.monotonic() + 20
    while not (folder / "holding").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    return folder


def kill_all_of(run_folder: Path) -> list[int]:
    """End the processes of a run's step and nothing else, as `kill -9` of all of them would."""
    found = []
    for place in Path("/proc").iterdir():
        if not place.name.isdigit() or int(place.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            if str(run_folder) in (place / "cmdline").read_text(errors="replace"):
                found.append(int(place.name))
    for pid in sorted(found):
        os.kill(pid, 9)
    return found

"""Steps against real servers: PostgreSQL, MariaDB, Prometheus, a web service."""

from __future__ import annotations

import importlib
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Desk = Any
Received = list[tuple[str, str, dict[str, str], bytes]]


def runbook(kind: str, *blocks: str, phase: str = "Resolution") -> str:
    text = "\n".join(f"```{kind}\n{each}\n```\n" for each in blocks)
    return f"# Work\n\n## Mend it\n\n**{phase}:**\n\n{text}"


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def tails(done: Any) -> list[str]:  # noqa: ANN401  (what a call of Midwatch left)
    return [each["tail"] for each in done.finished()]


@pytest.fixture
def postgres_table(postgres: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """Asks the server behind Midwatch's back; a fresh table with three orders."""
    psycopg = importlib.import_module("psycopg")

    def ask(words: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(postgres, autocommit=True) as connection:
            cursor = connection.execute(words)
            return list(cursor.fetchall()) if cursor.description else []

    ask("DROP TABLE IF EXISTS orders CASCADE")
    ask("CREATE TABLE orders (id int, name text, state text)")
    ask("INSERT INTO orders VALUES (1,'anna','stuck'), (2,'o''neil','stuck'), (3,'eve','done')")
    return ask


Ask = Callable[[str], list[tuple[Any, ...]]]


def test_postgres_reads_change_and_mask(desk: Desk, postgres: str, postgres_table: Ask) -> None:
    desk.write('[targets.shop]\nsql = "${SHOP_URL}"\n', "midwatch.toml")
    desk.write(
        runbook(
            "sql",
            "SELECT id, name FROM orders WHERE id = <order-id>",
            "UPDATE orders SET state = 'new' WHERE name = '<order-name>'",
            "VACUUM orders",
            "CREATE INDEX CONCURRENTLY by_name ON orders (name)",
        )
    )

    done = desk.run(
        "--yes", "change", "--set", "order-id=1", "--set", "order-name=o'neil", "--json",
        SHOP_URL=postgres,
    )  # fmt: skip

    assert done.code == 0, done.output + done.errors
    first, second, third, fourth = tails(done)
    assert " 1 │ anna" in first
    assert "1 row affected\nCommitted." in second
    assert "no way back by ROLLBACK" in third
    assert "no way back by ROLLBACK" in fourth
    assert postgres_table("SELECT id FROM orders WHERE state = 'new'") == [(2,)]
    state = everything(Path(desk.environment["MIDWATCH_STATE"]))
    assert b"night-watch-7Q" not in state + done.output.encode() + done.errors.encode()


def test_postgres_itself_holds_a_read_to_reading(
    desk: Desk, postgres: str, postgres_table: Ask
) -> None:
    postgres_table(
        "CREATE OR REPLACE FUNCTION count(orders) RETURNS bigint LANGUAGE plpgsql AS "
        "$$BEGIN DELETE FROM orders; RETURN 1; END$$"
    )
    desk.write(f'[targets.shop]\nsql = "{postgres}"\n', "midwatch.toml")
    desk.write(runbook("sql", "SELECT count(orders) FROM orders"))

    done = desk.run("--json", "--yes", "read")

    assert [each["verdict"] for each in done.finished()] == ["failed"], done.output
    assert "cannot execute DELETE in a read-only transaction" in tails(done)[0]
    assert postgres_table("SELECT count(*) FROM orders") == [(3,)]


def test_a_statement_without_end_is_ended_on_the_server(
    desk: Desk, postgres: str, postgres_table: Ask
) -> None:
    desk.write(f'[targets.shop]\nsql = "{postgres}"\nstatement_seconds = 1\n', "midwatch.toml")
    desk.write(runbook("sql", "SELECT count(*), pg_sleep(120) FROM orders"))
    began = time.monotonic()

    done = desk.run("--json", "--yes", "change")

    assert done.code == 1, done.output
    assert "statement timeout" in tails(done)[0]
    assert time.monotonic() - began < 20
    assert postgres_table("SELECT 1 FROM pg_stat_activity WHERE state = 'active' "
                          "AND application_name = 'midwatch'") == []  # fmt: skip


def test_stopping_a_run_stops_its_statement(desk: Desk, postgres: str, postgres_table: Ask) -> None:
    desk.write(f'[targets.shop]\nsql = "{postgres}"\n', "midwatch.toml")
    desk.write(runbook("sql", "UPDATE orders SET state = 'new' WHERE pg_sleep(100) IS NOT NULL"))
    process, run_id = desk.begin("--yes", "change")
    working = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'UPDATE%' AND state = 'active'"
    end = time.monotonic() + 20
    while not postgres_table(working):
        assert time.monotonic() < end
        time.sleep(0.05)

    stopped = desk.midwatch("stop", run_id)
    process.communicate(timeout=30)

    assert stopped.code in {0, 1}, stopped.output + stopped.errors
    assert postgres_table(working) == []
    assert postgres_table("SELECT count(*) FROM orders WHERE state = 'new'") == [(0,)]


def test_a_server_that_is_away_is_one_sentence(desk: Desk) -> None:
    pytest.importorskip("psycopg")
    desk.write('[targets.shop]\nsql = "postgresql://a@127.0.0.1:1/b"\n', "midwatch.toml")
    desk.write(runbook("sql", "SELECT 1"))

    done = desk.run("--json")

    assert done.code == 1
    assert "The database cannot be reached" in tails(done)[0]
    assert "Traceback" not in done.output + done.errors


def test_mariadb(desk: Desk, mariadb: str) -> None:
    desk.write(f'[targets.shop]\nsql = "{mariadb}"\n', "midwatch.toml")
    desk.write(
        runbook(
            "sql",
            "CREATE OR REPLACE TABLE orders (id int, name text) ENGINE=InnoDB",
            "INSERT INTO orders VALUES (1, 'anna'), (2, '100%')",
            "UPDATE orders SET name = '<order-name>' WHERE name LIKE '100%'",
            "SELECT * FROM orders WHERE name = '<order-name>'",
            "SHOW FULL PROCESSLIST",
        )
    )

    done = desk.run("--yes", "change", "--set", "order-name=' OR 1=1 -- %s \\", "--json")

    assert done.code == 0, done.output + done.errors
    create, insert, update, select, _ = tails(done)
    assert "MySQL carries CREATE OR out at once" in create
    assert "2 rows affected\nCommitted." in insert
    assert " 2 │ 100%" in update
    assert "1 row affected\nCommitted." in update
    assert " 2 │ ' OR 1=1 -- %s \\\n(1 row)" in select


def test_mariadb_itself_holds_a_read_to_reading(mariadb: str) -> None:
    databases = importlib.import_module("midwatch.plugs.steps.databases.mysql")
    models = importlib.import_module("midwatch.plugs.steps.databases.model")
    database = databases.Database(mariadb)
    database.begin(models.Limits(5), read_only=True)

    for words in ("CREATE TABLE forbidden (id int)", "DELETE FROM proc", "TRUNCATE TABLE proc"):
        with pytest.raises(models.StatementError):
            database.run(models.Statement((words,)))
    database.close()


def test_a_table_without_transactions_is_not_called_taken_back(mariadb: str) -> None:
    databases = importlib.import_module("midwatch.plugs.steps.databases.mysql")
    models = importlib.import_module("midwatch.plugs.steps.databases.model")
    database = databases.Database(mariadb)
    database.at_once(models.Limits(5))
    database.run(models.Statement(("CREATE OR REPLACE TABLE old (id int) ENGINE=MyISAM",)))
    database.begin(models.Limits(5), read_only=False)
    database.run(models.Statement(("INSERT INTO old VALUES (1)",)))

    assert "keeps what was written" in database.rollback()
    database.close()


def test_prometheus(desk: Desk, prometheus: str) -> None:
    end = time.monotonic() + 20
    seen = "up%20offset%202s"  # a graph ends at a full second, which the first value may be behind
    query = f"{prometheus}/api/v1/query?query={seen}"
    while b'"value"' not in urllib.request.urlopen(query).read():  # noqa: S310  (our own server)
        assert time.monotonic() < end
        time.sleep(0.2)
    desk.write(f'[targets.shop]\nprometheus = "{prometheus}"\n', "midwatch.toml")
    desk.write(
        runbook(
            "promql",
            "# Is it up\nup\n\n# Its memory\nprocess_resident_memory_bytes",
            'up{job="<job-name>"}',
            "nosuchmetric",
        )
    )

    done = desk.run("--set", 'job-name=a"} or vector(7) or up{job="', "--json")

    assert done.code == 0, done.output + done.errors
    up, memory, hostile, nothing = tails(done)
    assert "now │ the last hour" in up
    assert "│ 1 " in up
    assert "▁" in memory or "▄" in memory
    assert "(no series)" in hostile
    assert "(no series)" in nothing


def test_a_threshold_that_does_not_hold_fails_a_verification(desk: Desk, prometheus: str) -> None:
    desk.write(f'[targets.shop]\nprometheus = "{prometheus}"\n', "midwatch.toml")
    text = "# Work\n\n## Mend it\n\n**Verification:**\n\n```promql\nvector(7)\n```\n\n"
    desk.write(f"{text}**Expected**: below 5\n")

    done = desk.run("--json")

    [finished] = done.finished()
    if "expected" not in finished["tail"]:
        pytest.fail(str(done.events[0]["plan"]["steps"]))
    assert finished["meaning"] == "expected below 5, got 7"
    assert done.code == 1


def test_a_request(desk: Desk, web: tuple[str, Received]) -> None:
    url, received = web
    desk.write(f'[targets.shop]\nhttp = "{url}/api"\n', "midwatch.toml")
    desk.write(
        runbook(
            "http",
            "GET /health HTTP/1.1\nHost: shop.example\nX-Team: night",
            'POST /jobs/<job-id>/retry\n\n{"reason": "<retry-reason>"}',
        )
    )

    done = desk.run(
        "--yes", "change", "--set", "job-id=../1", "--set", 'retry-reason=it "hung"', "--json"
    )

    assert done.code == 0, done.output + done.errors
    assert "HTTP 200 OK" in tails(done)[0]
    assert '{\n  "status": "ok",\n  "jobs": [\n    1,\n    2\n  ]\n}' in tails(done)[0]
    assert [(each[0], each[1]) for each in received] == [
        ("GET", "/api/health"),
        ("POST", "/api/jobs/..%2F1/retry"),
    ]
    assert received[0][2]["X-Team"] == "night"
    assert received[1][3] == b'{"reason": "it \\"hung\\""}'


def test_a_request_that_got_no_answer_is_in_doubt(desk: Desk, web: tuple[str, Received]) -> None:
    url, received = web
    desk.write(f'[targets.shop]\nhttp = "{url}"\n', "midwatch.toml")
    desk.write(runbook("http", "POST /silent"))

    waiting = desk.run("--yes", "change", "--json")

    assert waiting.code == 4, waiting.output
    [doubt] = [each for each in waiting.events if each["kind"] == "step-in-doubt"]
    assert doubt["why"].startswith("it was sent, and no answer came")
    assert len(received) == 1


def test_a_bad_status_is_a_failure_and_a_long_answer_is_cut(
    desk: Desk, web: tuple[str, Received]
) -> None:
    url, _ = web
    desk.write(f'[targets.shop]\nhttp = "{url}"\n', "midwatch.toml")
    desk.write(runbook("http", "GET /long", "GET /broken"))

    done = desk.run("--json")

    long, broken = done.finished()
    assert "cut at 1,000,000 bytes" in long["tail"]
    assert (broken["verdict"], broken["meaning"]) == ("failed", "HTTP 503 Service Unavailable")


KUBECTL = """\
#!/bin/sh
# A stand-in: says what it was called with; differs until something was applied.
echo "called: $*" | sed "s#-f .*/#-f #"
case "$3" in
diff) [ -f applied ] && exit 0; echo "+  replicas: 3"; exit 1 ;;
apply) touch applied; cp "$5" applied.yaml ;;
esac
"""


def test_a_manifest_is_looked_at_and_then_applied(desk: Desk) -> None:
    tools = desk.folder / "tools"
    tools.mkdir()
    (tools / "kubectl").write_text(KUBECTL)
    (tools / "kubectl").chmod(0o755)
    desk.write('[targets.shop]\ncontext = "shop-eu"\n', "midwatch.toml")
    text = "# desk.yml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: desk"
    desk.write(runbook("yaml", text))

    path = f"{tools}:{desk.environment['PATH']}"
    done = desk.run("--yes", "change", "--json", PATH=path)
    again = desk.run("--yes", "change", "--json", PATH=path)

    assert done.code == 0, done.output + done.errors
    [tail] = tails(done)
    assert "called: --context shop-eu diff -f manifest.yaml" in tail
    assert "+  replicas: 3" in tail
    assert "called: --context shop-eu apply -f manifest.yaml" in tail
    assert (desk.folder / "applied.yaml").read_text().startswith("# desk.yml\napiVersion")
    assert "already as the manifest says" in tails(again)[0]


def test_without_a_context_a_person_applies_it(desk: Desk) -> None:
    desk.write(runbook("yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a"))

    assert "A person applies a manifest" in desk.run("--yes", "change").output

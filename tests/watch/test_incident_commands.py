"""What somebody at a terminal does about an incident: with the real program, on a real store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.smoke import zygote
from tests.watch import harness

RUNBOOK = """# Queue

## QueueStuck

### Diagnosis

```bash
ls -d "<queue>"
```
"""
TOML = """
[targets.lab]

[serve]
runbooks = ["queue.md"]
target = "lab"

[people.ana]
name = "Ana"
webhook = "https://example.org/ana"

[channels.webhook]
secret = "${HOOK_SECRET}"
"""


@pytest.fixture
def watch(tmp_path: Path) -> harness.Watch:
    """A store with one open incident, where the program looks for it."""
    (tmp_path / "state").mkdir()
    (tmp_path / "queue.md").write_text(RUNBOOK, encoding="utf-8")
    (tmp_path / "midwatch.toml").write_text(TOML, encoding="utf-8")
    made = harness.Watch(tmp_path / "state")
    made.fire(queue="jobs; touch spliced")
    made.advance()
    return made


def midwatch(
    watch: harness.Watch, *words: str, by: str = "ana"
) -> subprocess.CompletedProcess[str]:
    folder = Path(watch.url.removeprefix("sqlite://")).parent
    environment = {**os.environ, "MIDWATCH_STATE": str(folder), "MIDWATCH_ACTOR": by}
    return zygote.shared().run(*words, folder=folder.parent, environment=environment)


def at_a_terminal(folder: Path, *words: str) -> str:
    """What somebody sees in 80 columns."""
    command = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    done = subprocess.run(
        [sys.executable, "-c", command, sys.executable, "-m", "midwatch", *words],
        cwd=folder,
        env={
            **os.environ,
            "MIDWATCH_STATE": str(folder / "state"),
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "TERM": "dumb",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_an_incident_is_listed_taken_noted_and_resolved(watch: harness.Watch) -> None:
    name = watch.incident()
    listed = midwatch(watch, "incidents", "--json")
    assert json.loads(listed.stdout)["id"] == name
    taken = midwatch(watch, "ack", name[-5:])
    assert taken.stdout.startswith(f"{name} is acknowledged, ana has")
    assert taken.stderr == ""
    assert midwatch(watch, "note", name, "it", "drains").returncode == 0
    refused = midwatch(watch, "resolve", name)
    assert refused.returncode == 2
    assert "one alert of it fires still" in refused.stderr
    assert midwatch(watch, "resolve", name, "--force", "-m", "gone").returncode == 0
    assert "Nothing is open." in midwatch(watch, "incidents").stdout
    shown = midwatch(watch, "incident", name).stdout
    for line in (
        ", resolved, opened ",
        "ana acknowledged it",
        "ana: it drains",
        "resolved by ana: gone",
    ):
        assert line in shown
    assert f"| incident | {name} |" in midwatch(watch, "postmortem", name).stdout


def test_a_run_for_an_incident_takes_its_labels_as_words_and_stands_on_its_timeline(
    watch: harness.Watch, tmp_path: Path
) -> None:
    name = watch.incident()

    done = midwatch(watch, "run", "queue.md#queuestuck", "--target", "lab", "--incident", name)

    assert done.returncode in {0, 1}, done.stderr
    assert "jobs; touch spliced" in done.stdout
    assert done.stdout.endswith(f"  incident     midwatch incident {name}\n")
    assert not (tmp_path / "spliced").exists()
    lines = midwatch(watch, "incident", name, "--json").stdout.splitlines()
    runs = [each["text"] for each in map(json.loads, lines) if each["kind"] == "run"]
    assert runs[0].endswith("began: queue.md#queuestuck")
    assert "ended: " in runs[1]


def test_who_asks_for_what_is_not_there_gets_a_sentence(watch: harness.Watch) -> None:
    for words in (("incident", "zzzzz"), ("ack", "zzzzz"), ("run", "queue.md", "--incident", "zz")):
        done = midwatch(watch, *words)
        assert done.returncode == 2
        assert done.stderr.startswith("midwatch: There is no incident")


def test_a_silence_is_made_listed_and_ended(watch: harness.Watch) -> None:
    made = midwatch(watch, "silence", "add", 'service="mail"', "--for", "2h", "-m", "moving")
    name = made.stdout.split()[0]
    assert name in midwatch(watch, "silence", "list").stdout
    assert midwatch(watch, "silence", "end", name).stdout == f"{name} is over.\n"
    everything = midwatch(watch, "silence", "add", 'a=~".*"', "--for", "2h", "-m", "x")
    assert everything.returncode == 2
    assert "hold back every alert" in everything.stderr


def test_the_kill_switch_of_remediation(watch: harness.Watch) -> None:
    assert midwatch(watch, "pause", "wrong", "worker").returncode == 0
    rows = watch.where.rows("select value from standing where name = 'remediation paused'")
    assert rows == [("ana: wrong worker",)]
    assert midwatch(watch, "unpause").stdout == "Remediation goes on.\n"


def test_in_a_pipe_an_incident_is_one_line_however_long_its_title(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    watch = harness.Watch(tmp_path / "state")
    watch.fire("Queue" + "Stuck" * 60, severity="SEV2 of a very long kind that somebody wrote")
    watch.advance()

    lines = midwatch(watch, "incidents").stdout.splitlines()

    assert len(lines) == 2
    assert lines[1].rstrip().endswith("StuckStuck")


def test_at_a_terminal_the_title_keeps_its_place(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    watch = harness.Watch(tmp_path / "state")
    watch.fire("QueueStuck", severity="SEV2 of a very long kind that somebody wrote")
    watch.advance()

    shown = at_a_terminal(tmp_path, "incidents")

    assert any(watch.incident() in line and "QueueStuck" in line for line in shown.splitlines())
    assert max(map(len, shown.splitlines())) <= 80


def test_a_status_that_there_is_not_is_no_empty_list(watch: harness.Watch) -> None:
    done = midwatch(watch, "incidents", "--status", "closed")

    assert done.returncode == 2
    assert done.stderr.startswith("midwatch: “closed” is no status of incidents.")


def test_whoever_takes_it_and_is_nobody_in_the_file_hears_so(watch: harness.Watch) -> None:
    done = midwatch(watch, "ack", watch.incident(), by="root")

    assert done.returncode == 0
    assert done.stderr.startswith("root is nobody in [people]: no reminder reaches you.")
    assert done.stderr.endswith("MIDWATCH_ACTOR=ana says who you are.\n")

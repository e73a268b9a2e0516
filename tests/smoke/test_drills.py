"""Drills of a service that is one file: broken, healed, left, killed; and one of Postroom."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.smoke import zygote

from midwatch.plugs.steps import processes
from postroom import outside

PROGRAM = [sys.executable, "-c", "from midwatch.faces.cli.main import main; main()"]
PROBE = """
while :; do
  if [ "$(cat state)" = up ]; then echo '{"ok": true}'; else echo '{"ok": false, "why": "down"}'; fi
  sleep 0.05
done
"""
RUNBOOK = """# Service

## Mend

**Resolution:**

```bash
# Bring it up
echo up > state
```

## Look only

**Diagnosis:**

```bash
ls
```

## Never ends

**Resolution:**

```bash
sleep 4711
```

## Wants a name

**Resolution:**

```bash
touch <file-name>
```
"""
HEAD = """
version = 1
runbook = "RUNBOOK.md"
target = "lab"
probe = 'bash probe.sh'
stable = 0.3
timeout = 3
detect = 1
ready = 2
wait = 0.1
reaction = 0
"""
FAULT = """
[[fault]]
id = "{id}"
title = "the service is broken"
inject = "{inject}"
heal = "{heal}"
probe = "it"
procedure = "{procedure}"
wrong = "look-only"
{more}
"""


class Lab:
    """A folder with a service, its runbook and its faults, and the Midwatch that drills it."""

    def __init__(self, folder: Path, state: Path) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "MIDWATCH_STATE": str(state)
        }  # fmt: skip
        (folder / "state").write_text("up\n")
        (folder / "probe.sh").write_text(PROBE)
        (folder / "RUNBOOK.md").write_text(RUNBOOK)
        (folder / "midwatch.toml").write_text('[targets.lab]\nlab = true\nfolder = "."\n')
        self.faults("")

    def faults(self, head: str, **fields: str) -> None:
        known = {
            "id": "down", "inject": "echo down > state", "heal": "echo up > state",
            "procedure": "mend", "more": "",
        }  # fmt: skip
        (self.folder / "faults.toml").write_text(HEAD + head + FAULT.format(**known | fields))

    def start(self, *words: str) -> zygote.Process:
        return zygote.shared().start(words, folder=self.folder, environment=self.environment)

    def midwatch(self, *words: str) -> tuple[int, str, str]:
        process = self.start(*words)
        output, errors = process.communicate(timeout=60)
        return process.wait(), output, errors

    def drill(self, *words: str) -> tuple[int, list[dict[str, Any]]]:
        code, output, errors = self.midwatch("drill", "--json", "--seed", "1", *words)
        assert output, errors
        return code, [json.loads(line) for line in output.splitlines()]

    @property
    def is_broken(self) -> bool:
        return (self.folder / "state").read_text() != "up\n"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    folder = tmp_path / "lab"
    folder.mkdir()
    return Lab(folder, tmp_path / "state")


def until(process: zygote.Process, kind: str) -> None:
    """Read what a drill tells until that has happened."""
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["kind"] == kind:
            return
    raise AssertionError(f"{kind} never came")


def test_a_fault_is_healed_by_its_procedure_and_that_is_a_proof(lab: Lab) -> None:
    code, events = lab.drill("--output", "pictures")

    kinds = [each["kind"] for each in events]
    assert code == 0
    assert kinds[:2] == ["drill-began", "rehearsal-began"]
    assert kinds[2:4] == ["settled", "injecting"]
    assert sorted(kinds[4:6]) == ["first-bad", "injected"]  # users may see it before bash has ended
    assert kinds[6:] == [
        "detected", "arm-began", "first-step", "arm-ended", "recovered", "stable", "judged",
        "healing", "healed", "whole", "rehearsal-ended", "drill-ended",
    ]  # fmt: skip
    (arm,) = events[-1]["arms"]
    assert (arm["arm"], arm["healed"], arm["tries"]) == ("midwatch", 1, 1)
    assert not lab.is_broken
    written = {path.name for path in (lab.folder / "pictures").iterdir()}
    assert {"results.json", "drill.svg", "drill.png", "001-down-midwatch.journal.json"} <= written
    shown = lab.midwatch("show", "RUNBOOK.md")[1]
    assert "proof: last rehearsed just now, 1 of 1 healed, median" in shown
    assert "proof" in lab.midwatch("run", "RUNBOOK.md#mend", "--dry-run")[1]
    (listed,) = lab.midwatch("drills", "--json")[1].splitlines()
    assert (json.loads(listed)["healed"], json.loads(listed)["outcome"]) == (1, "succeeded")


def test_arms_are_compared_on_the_same_fault(lab: Lab) -> None:
    words = ["--arm", "none", "--arm", "wrong", "--arm", "paste", "--arm", "midwatch"]

    code, events = lab.drill(*words, "--timeout", "1.5")

    ended = events[-1]
    assert code == 0
    assert {each["arm"]: each["healed"] for each in ended["arms"]} == {
        "none": 0, "wrong": 0, "paste": 1, "midwatch": 1
    }  # fmt: skip
    gains = {each["over"]: each["interval"]["value"] for each in ended["gains"]}
    assert gains == {"none": 1.0, "wrong": 1.0, "paste": 0.0}
    assert left_of(ended["drill_id"]) == []


def left_of(drill: str) -> list[int]:
    """The processes that a drill left running."""
    return [
        pid
        for number in range(5)
        for what in ("inject", "heal", "paste", "probe-it")
        for pid in processes.marked(f"{drill}/{number}/{what}")
    ]


@pytest.mark.parametrize(
    ("fields", "verdict", "why"),
    [
        ({"procedure": "never-ends"}, "not-healed", "down"),
        ({"inject": "echo no way; exit 7"}, "not-injected", "exit 7: no way"),
    ],
    ids=["steps that never end", "no injection"],
)
def test_what_is_not_healed_is_no_success_and_the_fault_is_out(
    lab: Lab, fields: dict[str, str], verdict: str, why: str
) -> None:
    lab.faults("", **fields)

    code, events = lab.drill()

    (ended,) = [each for each in events if each["kind"] == "rehearsal-ended"]
    assert code == 1
    assert (ended["verdict"], ended["why"]) == (verdict, why)
    assert not lab.is_broken
    mark = f"{ended['run_id']}/".encode()
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if b"4711" in read(path)], (
        mark
    )


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_way_back_that_does_not_help_is_told_and_ends_the_drill(lab: Lab) -> None:
    lab.faults("", heal="true", procedure="look-only")

    code, output, _ = lab.midwatch("drill", "--seeds", "2", "--seed", "1")

    assert code == 1
    assert "left broken: down" in output
    assert "Nothing more is broken." in output
    assert "2/2" not in output


def test_nothing_is_broken_where_the_service_is_not_well(lab: Lab) -> None:
    lab.faults('start = "make lab"\n')
    (lab.folder / "state").write_text("down\n")

    code, _, errors = lab.midwatch("drill")

    assert code == 3
    assert "Nothing was broken: the probe is not good to begin with (down)." in errors
    assert "Start the lab: make lab" in errors


def test_ctrl_c_takes_the_fault_out_first(lab: Lab) -> None:
    lab.faults("", procedure="never-ends")
    process = lab.start("drill", "--json")
    until(process, "first-step")

    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)

    assert process.returncode == 130
    assert not lab.is_broken
    assert '"kind": "whole"' in output
    assert "Taking the fault out first" in errors


LONG = pytest.mark.skipif(not os.environ.get("MIDWATCH_LONG"), reason="only in `make test-long`")
MOMENTS = [
    "injecting",
    "first-step",
    "healing",
    *(pytest.param(each, marks=LONG) for each in ("injected", "first-bad", "judged", "healed")),
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_drill_heals_at_the_next_start(lab: Lab, moment: str) -> None:
    never = moment in {"injected", "first-step"}
    lab.faults("", procedure="never-ends" if never else "mend")
    process = lab.start("drill", "--json")
    until(process, moment)
    process.kill()
    process.communicate()
    (lab.folder / "faults.toml").write_text("[[ it was changed meanwhile")

    told = lab.midwatch("drills")[1]
    code, output, errors = lab.midwatch("drill", "--heal")

    assert f"midwatch drill {lab.folder}/faults.toml --heal" in told
    assert (code, errors) == (0, "")
    assert "left down in (the service is broken): taking it out." in output
    assert "Taken out: 1." in output
    assert not lab.is_broken
    assert lab.midwatch("drill", "--heal")[1] == "Nothing was left behind.\n"


def test_a_drill_takes_out_what_was_left_before_it_breaks_anything(lab: Lab) -> None:
    process = lab.start("drill", "--json")
    until(process, "injected")
    process.kill()
    process.communicate()

    code, events = lab.drill()

    kinds = [each["kind"] for each in events]
    assert code == 0
    assert kinds.index("heals-left") < kinds.index("whole") < kinds.index("drill-began")


def test_two_drills_do_not_break_one_lab_together(lab: Lab) -> None:
    lab.faults("", procedure="never-ends")
    process = lab.start("drill", "--json")
    until(process, "first-step")

    code, _, errors = lab.midwatch("drill")

    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert code == 1
    assert f"(process {process.pid})" in errors
    assert not lab.is_broken


def test_a_proof_does_not_hold_for_other_steps(lab: Lab) -> None:
    lab.drill()
    (lab.folder / "midwatch.toml").write_text(
        '[targets.lab]\nlab = true\nfolder = "."\n[check]\nproofs = "90d"\n'
    )
    assert "stale-proof" not in lab.midwatch("check", "RUNBOOK.md")[1]
    path = lab.folder / "RUNBOOK.md"
    path.write_text(path.read_text().replace("echo up", "echo 'up'"))

    shown, found = lab.midwatch("show", "RUNBOOK.md")[1], lab.midwatch("check", "RUNBOOK.md")[1]

    assert "proof: worked just now, but its steps have changed since" in shown
    told = "“Mend” is not proven: its steps have changed since it last worked, just now."
    assert told in " ".join(found.split())


def test_a_real_run_that_succeeded_is_a_proof_too(lab: Lab) -> None:
    assert lab.midwatch("run", "RUNBOOK.md#mend", "--yes", "change")[0] == 0

    assert "proof: last run to success just now on lab" in lab.midwatch("show", "RUNBOOK.md")[1]


class Prometheus(http.server.BaseHTTPRequestHandler):
    """Answers as Prometheus does: `Down` fires once somebody has asked while it was down."""

    lab: Lab
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += self.lab.is_broken
        state = "firing" if self.lab.is_broken and self.asked > 1 else "pending"
        alerts = [{"labels": {"alertname": "Down"}, "state": state}]
        body = json.dumps({"status": "success", "data": {"alerts": alerts}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Quietly."""


def test_an_alert_of_prometheus_calls_somebody(lab: Lab) -> None:
    answers = type("Answers", (Prometheus,), {"lab": lab})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        lab.faults(f'prometheus = "{address}"\n', more='alert = "Down"\ndetect = 5')
        code, events = lab.drill()
        server.shutdown()

    kinds = [each["kind"] for each in events]
    detected = events[kinds.index("detected")]
    assert (code, detected["by"]) == (0, "alert")
    assert kinds.index("first-bad") < kinds.index("alert") < kinds.index("arm-began")


@pytest.fixture
def postroom() -> Iterator[outside.Outside]:
    folder = Path(tempfile.mkdtemp(prefix="postroom-"))
    running = outside.Outside(folder, {"MIDWATCH_STATE": str(folder / "midwatch")})
    with running.start() as supervisor:
        try:
            running.wait_until_ready()
            yield running
        finally:
            supervisor.terminate()
    shutil.rmtree(folder)


def test_postroom_is_broken_and_healed_by_its_own_runbook(postroom: outside.Outside) -> None:
    began = time.monotonic()

    done = subprocess.run(
        [*PROGRAM, "drill", str(outside.LAB / "faults.toml"), "full-quota", "--json"],
        env=postroom.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stdout + done.stderr
    assert events[-1]["arms"][0]["healed"] == 1
    assert postroom.http("GET", "/health/ready")[0] == 200
    assert time.monotonic() - began < 60

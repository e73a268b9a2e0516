"""Breaks a small mail service on purpose and lets Midwatch heal it by the service's own runbook.

Run it with `make demo`. It starts what it needs in a folder of its own, and ends all of it again,
also when it is interrupted or killed. It exits with 1 when the service is not healed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from postroom import lifeline
from postroom.home import TroubleError
from postroom.outside import LAB, Outside

ROOT = LAB.parent.parent
RUNBOOK = os.path.relpath(LAB / "RUNBOOK.md", ROOT)
PROCEDURE = "workers-stuck"
LETTERS, MORE_LETTERS = 100, 400
WIDTH = 80
STEPS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """The service's own numbers, read from outside."""

    ready: int
    failing: str
    stuck: int
    waiting: int
    accepted: int
    delivered: int
    relay: int
    copies: int


class Demo:
    """One showing: a folder, a service, and the terminal it is told in."""

    def __init__(self, folder: Path) -> None:
        self.console = Console(width=min(WIDTH, Console().width), highlight=False)
        self.postroom = Outside(folder, {"COLUMNS": str(self.console.width)})
        self.children: list[subprocess.Popen[bytes]] = []

    def title(self, number: int, text: str) -> None:
        """What happens next."""
        self.console.print()
        self.console.rule(Text(f" {number}/{STEPS}  {text} ", "bold"), align="left", style="dim")

    def say(self, text: str) -> None:
        """A sentence or two."""
        self.console.print(text)

    def show_command(self, words: str) -> None:
        """The command as somebody would type it."""
        self.console.print(f"\n[dim]$[/] [bold]{words}[/]")
        sys.stdout.flush()

    def midwatch(self, *words: str) -> int:
        """Run Midwatch for all to see; it ends when this demo ends, however that is."""
        command = [sys.executable, lifeline.__file__, sys.executable, "-m", "midwatch", *words]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.postroom.environment, stdin=subprocess.DEVNULL
        )
        self.children.append(process)
        return process.wait()

    def start(self) -> None:
        """Start Postroom, tied to this process."""
        self.children.append(self.postroom.start())
        self.postroom.wait_until_ready()

    def end(self) -> int:
        """End everything this demo started; how many processes are left."""
        for child in reversed(self.children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        return sum(len(lifeline.living(child.pid)) for child in self.children)

    def figures(self) -> Figures:
        """Ask the service how it is."""
        ready, body = self.postroom.http("GET", "/health/ready")
        checks: list[dict[str, Any]] = json.loads(body)["checks"]
        metrics = self.postroom.http("GET", "/metrics")[1]
        found = dict(re.findall(r"^(postroom_\w+\{.*\}) (\d+)$", metrics, re.MULTILINE))
        letters = {
            state: int(found[f'postroom_letters{{state="{state}"}}'])
            for state in ("waiting", "leased", "delivered", "dead")
        }
        relay = self.postroom.status()["relay"]
        return Figures(
            ready=ready,
            failing=", ".join(check["name"] for check in checks if not check["ok"]) or "none",
            stuck=int(found['postroom_workers{state="stuck"}']),
            waiting=letters["waiting"] + letters["leased"],
            accepted=sum(letters.values()),
            delivered=letters["delivered"],
            relay=relay["delivered"],
            copies=relay["copies_dropped"],
        )


def show(demo: Demo) -> bool:
    """The whole story; whether it ended well."""
    demo.title(1, "Start a small mail service")
    demo.say("Postroom: an HTTP API, a queue on disk, two workers, a mail relay ...")
    demo.start()
    demo.postroom.ctl("send", "reader@readers.example", "--count", str(LETTERS))
    demo.say(f"[green]It is ready[/], and has accepted {LETTERS} letters.")

    demo.title(2, "Break it")
    demo.say(f"Stopping its workers dead (SIGSTOP) while {MORE_LETTERS} more letters arrive ...")
    demo.postroom.ctl("break", "stuck-worker")
    demo.postroom.ctl("send", "reader@readers.example", "--count", str(MORE_LETTERS))
    demo.postroom.until(lambda: demo.postroom.http("GET", "/health/ready")[0] != http.HTTPStatus.OK)
    before = demo.figures()
    demo.say(
        f"The service says [red]HTTP {before.ready}, failing: {before.failing}[/];"
        f" {before.waiting} letters wait."
    )

    demo.title(3, "Read its runbook: ordinary Markdown, as the team keeps it")
    demo.show_command(f"midwatch show --brief {RUNBOOK}")
    demo.midwatch("show", "--brief", RUNBOOK)
    demo.show_command(f"midwatch check {RUNBOOK}")
    demo.midwatch("check", RUNBOOK)

    demo.title(4, "Run one procedure: under guard, on record, nobody at the keyboard")
    words = ["run", f"{RUNBOOK}#{PROCEDURE}", "--target", "postroom"]
    words += ["--set", "worker-id=worker-1", "--yes", "change"]
    demo.show_command(f"midwatch {' '.join(words[:4])} \\\n      {' '.join(words[4:])}")
    code = demo.midwatch(*words)

    demo.title(5, "Healed? The service's own numbers")
    after = demo.figures()
    demo.console.print(comparison(before, after))
    return verdict(demo, code, after)


def comparison(before: Figures, after: Figures) -> Table:
    """Before and after, side by side."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    table.add_column("broken", justify="right", style="red")
    table.add_column("now", justify="right", style="green")
    rows = {
        "/health/ready": (before.ready, after.ready),
        "failing checks": (before.failing, after.failing),
        "stuck workers": (before.stuck, after.stuck),
        "letters accepted": (before.accepted, after.accepted),
        "letters still waiting": (before.waiting, after.waiting),
        "letters delivered, says the queue": (before.delivered, after.delivered),
        "letters delivered, counts the relay": (before.relay, after.relay),
        "letters lost": ("-", after.accepted - after.relay - after.waiting),
    }
    for name, (then, now) in rows.items():
        table.add_row(name, str(then), str(now))
    return table


def verdict(demo: Demo, code: int, after: Figures) -> bool:
    """Say whether it is healed, by what is seen from outside."""
    wanted = LETTERS + MORE_LETTERS
    reasons = {
        f"midwatch run ended with {code}": code != 0,
        f"/health/ready answers {after.ready}": after.ready != http.HTTPStatus.OK,
        f"{after.stuck} workers are stuck": after.stuck != 0,
        f"{after.waiting} letters wait": after.waiting != 0,
        f"the queue counts {after.delivered} delivered": after.delivered != wanted,
        f"the relay counts {after.relay} delivered": after.relay != wanted,
    }
    wrong = [reason for reason, is_so in reasons.items() if is_so]
    if wrong:
        demo.say(f"[bold red]Not healed:[/] {'; '.join(wrong)}.")
        return False
    demo.say(
        f"[bold green]Healed.[/] All {wanted} letters arrived, each once."
        + (
            f" The relay was handed {after.copies} twice and dropped the copies."
            * bool(after.copies)
        )
    )
    return True


@contextlib.contextmanager
def service() -> Iterator[Demo]:
    """A demo with a folder of its own; everything is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="postroom-demo-"))
    demo = Demo(folder)
    try:
        yield demo
    finally:
        left = demo.end()
        shutil.rmtree(folder, ignore_errors=True)
        demo.say(f"[dim]Stopped everything that was started; {left} processes are left.[/]")


def main() -> int:
    """Show it; the exit code says whether the service was healed."""

    def leave(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        with service() as demo:
            is_healed = show(demo)
            next_steps(demo)
    except KeyboardInterrupt:
        return 130
    except TroubleError as error:
        sys.stderr.write(f"demo: {error}\n")
        return 1
    return 0 if is_healed else 1


def next_steps(demo: Demo) -> None:
    """Where the record lies, and what to try."""
    latest = subprocess.run(
        [sys.executable, "-m", "midwatch", "runs", "--limit", "20", "--json"],
        env=demo.postroom.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [
        run["run_id"]
        for run in map(json.loads, latest.stdout.splitlines())
        if run["target"] == "postroom"
    ]
    if latest.returncode != 0 or not ours:
        return
    run_id = ours[0]
    tries = {
        f"midwatch transcript {run_id}": "all that was run and printed",
        f"midwatch show {RUNBOOK}": "every step of every procedure",
        f"midwatch run {RUNBOOK}#store-slow --dry-run": "a plan, and nothing more",
        "midwatch explain 'rm -rf \"$DIR\"/*'": "what a command would do",
        "lab/postroom/bin/postroomctl up --lab": "keep Postroom, break it yourself",
    }
    demo.console.print("\nOn record, and what to try next (`. .venv/bin/activate` first):")
    for command, about in tries.items():
        demo.console.print(f"  [bold]{command}[/]\n      [dim]{about}[/]")


if __name__ == "__main__":
    sys.exit(main())

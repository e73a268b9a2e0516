"""A plan on a terminal of eighty columns, as a tired person reads it."""

from __future__ import annotations

import dataclasses
import io
import re

import pytest
from rich import console, text

from midwatch.commands import model as commands
from midwatch.faces.cli import marks, run_plan, tree
from midwatch.runbook import reading
from midwatch.runs import model

LONG = "it is a program of its own that Midwatch cannot read, whatever it may be called here"


def step(**fields: object) -> model.PlannedStep:
    base = model.PlannedStep(
        index=0,
        line=7,
        title="Look",
        phase="diagnose",
        kind="shell",
        language="bash",
        text="true",
        effect=commands.Effect.READ,
        carrier=model.Carrier.SHELL,
        digest="",
    )
    return dataclasses.replace(base, **fields)  # type: ignore[arg-type]


def shown(*steps: model.PlannedStep, terminal: bool = True) -> list[str]:
    plan = model.Plan("r.md", "d", "p", "Mend it", "production", steps, "/")
    file = io.StringIO()
    screen = console.Console(file=file, width=80, force_terminal=terminal, no_color=True)
    run_plan.show(screen, plan)
    return [line.rstrip() for line in text.Text.from_ansi(file.getvalue()).plain.splitlines()]


def test_a_command_is_never_broken() -> None:
    command = f"kubectl get pods -l {'x' * 90}"

    assert f"     {command}" in shown(step(text=command))


def test_a_long_note_goes_on_under_its_beginning_on_a_terminal() -> None:
    lines = shown(step(effect=commands.Effect.CHANGE, why=LONG))

    at = next(number for number, line in enumerate(lines) if "change on production" in line)
    assert lines[at + 1].startswith("     ")
    assert " ".join(" ".join(lines[at : at + 2]).split()).endswith("called here")
    assert max(map(len, lines)) <= 80


def test_a_long_note_is_one_line_in_a_pipe() -> None:
    lines = shown(step(effect=commands.Effect.CHANGE, why=LONG), terminal=False)

    assert any(line.endswith(f"change on production: {LONG}") for line in lines)


def test_an_address_stays_whole() -> None:
    address = f"https://wiki.example.org/{'a' * 80}"
    lines = shown(
        step(carrier=model.Carrier.PERSON, language="text", text=f"See {address} first, please.")
    )

    assert any(address in line for line in lines)


@pytest.mark.parametrize(
    ("said", "condition"),
    [("Look.", None), ("**Look**", None), ("Look if needed", "needed"), ("look:", None)],
)
def test_what_the_title_says_is_not_said_again(said: str, condition: str | None) -> None:
    by_hand = step(carrier=model.Carrier.PERSON, text=said, condition=condition, by_person="")

    assert len(re.findall(r"\b[Ll]ook\b", "\n".join(shown(by_hand)))) == 1


def test_the_way_back_says_what_is_recorded_first() -> None:
    recording = model.Recording("stat -c %a f", "chmod {recorded} f")
    lines = shown(step(effect=commands.Effect.CHANGE, records=(recording,)))

    assert "     undo: chmod “as it was” f" in lines


@pytest.mark.parametrize(
    ("text_", "word"),
    [
        ("1. Wait 5 minutes.", "wait"),
        ("1. Wait until the queue is empty.", "person"),
        ("1. Call the database team.", "person"),
        ("```bash\nsleep 30\n```", "wait"),
    ],
)
def test_a_wait_that_names_its_time_is_no_persons(text_: str, word: str) -> None:
    document = f"# Work\n\n## Mend it\n\n**Resolution:**\n\n{text_}\n"
    (procedure,) = reading.read("RUNBOOK.md", document.encode()).procedures

    assert tree.sign(procedure.steps[0]).plain.split()[1] == word


def test_a_script_is_saved_and_does_nothing_yet() -> None:
    saved = step(carrier=model.Carrier.FILE, effect=commands.Effect.DESTROY)

    assert marks.planned(saved).plain.split()[1] == "save"
    assert "destroy" not in "\n".join(shown(saved))

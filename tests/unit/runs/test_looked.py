"""What is ill is told apart from what nobody could see."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.commands import model as commands
from midwatch.runs import events, looked, model

CASES = tomllib.loads(Path("tests/cases/runs/looks.toml").read_text(encoding="utf-8"))["look"]
NOW = datetime.datetime(2026, 11, 23, 3, 0, tzinfo=datetime.UTC)


def planned(case: dict[str, Any]) -> events.Planned:
    step = model.PlannedStep(
        index=0,
        line=8,
        title="The queue",
        phase="verify",
        kind="shell",
        language="bash",
        text=case["text"],
        effect=commands.Effect.READ,
        carrier=model.Carrier(case.get("carrier", "shell")),
        digest="",
        tools=tuple(case["tools"]),
    )
    return events.Planned(model.Plan("ops.md", "", "health", "Health", "lab", (step,), "/"))


def after(*happened: events.Event) -> looked.Looked:
    return looked.of([events.Recorded(seq, NOW, each) for seq, each in enumerate(happened)])


@pytest.mark.parametrize("case", CASES, ids=[each["what"] for each in CASES])
def test_what_a_failed_look_says(case: dict[str, Any]) -> None:
    finished = events.StepFinished(
        step=0,
        attempt=1,
        exit=case["exit"],
        verdict=events.Verdict.FAILED,
        meaning="",
        seconds=0.1,
        size=0,
        sha256="",
        tail=case["printed"],
        state=None,
    )
    seen = after(
        planned(case),
        events.StepStarted(0, 1, "boot"),
        finished,
        events.Finished(model.Outcome.FAILED, "line 8, The queue: exit 1"),
    )
    told = {
        "bad": "line 8, The queue: exit 1",
        "unknown": f"line 8, The queue: what it looks at cannot be reached: {case['printed']}",
    }
    assert seen == looked.Looked(looked.Answer(case["answer"]), told[case["answer"]])


def test_a_look_that_went_well_is_good() -> None:
    over = events.Finished(model.Outcome.SUCCEEDED, "")
    assert after(planned(CASES[0]), over) == looked.Looked(looked.Answer.GOOD)


def test_a_look_that_waits_for_somebody_says_nothing_of_the_world() -> None:
    waits = events.Waiting(0, "The policy wants a person to say yes")
    assert after(planned(CASES[0]), waits) == looked.Looked(
        looked.Answer.UNKNOWN, "it waits for a person: The policy wants a person to say yes"
    )


def test_a_look_that_was_stopped_says_nothing_of_the_world() -> None:
    stopped = events.Finished(model.Outcome.STOPPED, "`midwatch stop` was asked for")
    assert after(planned(CASES[0]), stopped).answer is looked.Answer.UNKNOWN

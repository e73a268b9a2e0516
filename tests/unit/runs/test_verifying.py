"""What was expected is compared with what was printed; what cannot be told is never well."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.commands import model as commands
from midwatch.runs import model, verifying

FILE = Path(__file__).parents[2] / "cases/runs/expectations.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]
KINDS = {
    "holds": verifying.Holds,
    "fails": verifying.Fails,
    "open": verifying.NotCheckable,
}


@pytest.mark.parametrize("case", CASES, ids=[f"{c['expected']}-{c['says']}" for c in CASES])
def test_an_expectation_is_decided_without_guessing(case: dict[str, Any]) -> None:
    found = verifying.expectation(case["expected"], case["output"], case.get("literal", False))

    assert isinstance(found, KINDS[case["says"]]), found
    if "got" in case:
        assert isinstance(found, verifying.Fails)
        assert found.got == case["got"]


def step(text: str, **fields: object) -> model.PlannedStep:
    base = model.PlannedStep(
        index=0,
        line=10,
        title="look",
        phase="verify",
        kind="shell",
        language="bash",
        text=text,
        effect=commands.Effect.READ,
        carrier=model.Carrier.SHELL,
        digest="d",
    )
    return dataclasses.replace(base, **fields)  # type: ignore[arg-type]


def test_a_verification_that_ends_badly_does_not_hold() -> None:
    found = verifying.decide(step("curl -f http://x/"), 22, "curl: (22) 503\n")

    assert found == verifying.Fails("exit 0", "exit 22: curl: (22) 503")


def test_a_question_that_answers_no_does_not_hold() -> None:
    quiet = step("systemctl is-active web", tools=("systemctl is-active",), fine_exits={3: "no"})

    assert verifying.decide(quiet, 3, "inactive\n") == verifying.Fails("exit 0", "exit 3: no")


def test_finding_nothing_is_neither_good_nor_bad_by_itself() -> None:
    grep = step("grep ERROR log", tools=("grep",), fine_exits={1: "it found nothing"})

    assert isinstance(verifying.decide(grep, 1, ""), verifying.NotCheckable)


def test_a_quiet_grep_is_a_question() -> None:
    grep = step("grep -q ready log", tools=("grep",), fine_exits={1: "it found nothing"})

    assert isinstance(verifying.decide(grep, 1, ""), verifying.Fails)


def test_nothing_expected_is_nothing_checked() -> None:
    assert verifying.decide(step("kubectl get pods"), 0, "web Running") is None


def test_what_a_diagnosis_finds_is_no_failure_of_the_run() -> None:
    assert not verifying.counts(step("true", phase="diagnose"))
    assert not verifying.repeats(step("true", phase="diagnose"))


def test_a_change_is_never_repeated_to_make_it_hold() -> None:
    assert not verifying.repeats(step("touch x", effect=commands.Effect.CHANGE))
    assert not verifying.repeats(step("odd", effect=commands.Effect.UNKNOWN))

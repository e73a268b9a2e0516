"""The guard's decisions, and that it refuses whenever it errs."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.commands import model as commands
from midwatch.guards import decide, model

CASES = Path(__file__).parents[2] / "cases" / "guards" / "decisions.toml"
READ = model.Facts(
    effect=commands.Effect.READ,
    traits=frozenset(),
    target="production",
    procedure="queue-backlog",
    tools=("kubectl get",),
    attended=True,
    may=None,
    approved=False,
)


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    return found


def facts(case: dict[str, Any]) -> model.Facts:
    rules = tuple(
        model.Rule(
            decision=model.Answer(rule["decision"]),
            target=rule.get("target"),
            procedure=rule.get("procedure"),
            effect=commands.Effect(rule["effect"]) if "effect" in rule else None,
            trait=commands.Trait(rule["trait"]) if "trait" in rule else None,
        )
        for rule in case.get("policy", ())
    )
    return dataclasses.replace(
        READ,
        effect=commands.Effect(case["effect"]),
        traits=frozenset(commands.Trait(trait) for trait in case.get("traits", ())),
        tools=tuple(case.get("tools", ())),
        attended=case.get("attended", True),
        may=model.May(case["yes"]) if "yes" in case else None,
        approved=case.get("approved", False),
        policy=model.Policy(rules),
    )


def said(decision: model.Decision) -> str:
    match decision:
        case model.Allow(window=True):
            return "window"
        case model.Allow(terminal=True):
            return "terminal"
        case model.Allow():
            return "allow"
        case model.Ask(manner):
            return str(manner)
        case model.Refuse():
            return "refuse"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["name"])
def test_the_decision_is_the_one_promised(case: dict[str, Any]) -> None:
    decision = decide.decide(facts(case))

    assert said(decision) == case["decision"]
    if "way" in case:
        assert isinstance(decision, model.Refuse)
        assert case["way"] in decision.way


class Broken:
    """A policy that cannot be read."""

    limits = model.Limits()

    @property
    def rules(self) -> tuple[model.Rule, ...]:
        raise RuntimeError("broken on purpose")


def test_a_guard_that_errs_refuses() -> None:
    broken = dataclasses.replace(READ, policy=Broken())  # type: ignore[arg-type]

    decision = decide.decide(broken)

    assert isinstance(decision, model.Refuse)
    assert "a guard that errs refuses" in decision.reason


@pytest.mark.parametrize("nonsense", [None, "nonsense", 3, object()])
def test_an_effect_that_is_none_is_refused(nonsense: object) -> None:
    odd = dataclasses.replace(READ, effect=nonsense)  # type: ignore[arg-type]

    decision = decide.decide(odd)

    assert isinstance(decision, model.Refuse)


def test_only_an_endless_step_may_end_by_being_stopped() -> None:
    traits = frozenset({commands.Trait.WAITS})

    decision = decide.decide(dataclasses.replace(READ, traits=traits))

    assert isinstance(decision, model.Allow)
    assert (decision.window, decision.seconds) == (False, 1800.0)

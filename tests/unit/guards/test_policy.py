"""The team's own policy: hours, actors, several people, a broken glass, and slips in the file."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.app import settings
from midwatch.base import errors
from midwatch.commands import model as commands
from midwatch.guards import decide, model

CASES = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "guards" / "policy.toml").read_text(encoding="utf-8")
)
NOON = "2026-11-22T12:00:00+00:00"


def policy(folder: Path, text: str) -> model.Policy:
    path = folder / "midwatch.toml"
    path.write_text(text, encoding="utf-8")
    return settings.read(path).policy


def facts(case: dict[str, Any], folder: Path) -> model.Facts:
    at = case.get("at", NOON)
    actor = case.get("actor", "ana")
    approvers = frozenset(case.get("approvers", ()))
    return model.Facts(
        effect=commands.Effect(case.get("effect", "change")),
        traits=frozenset(commands.Trait(trait) for trait in case.get("traits", ())),
        target="production",
        procedure="mend-it",
        tools=(),
        attended=case.get("attended", True),
        may=model.May(case["yes"]) if "yes" in case else None,
        approved=bool(approvers),
        policy=policy(folder, case.get("policy", "")),
        now=datetime.datetime.fromisoformat(at) if at else None,
        actor=actor,
        requester=actor,
        approvers=approvers,
        break_glass=case.get("break_glass", ""),
    )


def said(decision: model.Decision) -> str:
    match decision:
        case model.Allow():
            return "allow"
        case model.Ask(manner):
            return str(manner)
        case model.Refuse():
            return "refuse"


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_the_policy_decides_as_promised(case: dict[str, Any], tmp_path: Path) -> None:
    explained = decide.explain(facts(case, tmp_path))

    assert said(explained.decision) == case["decision"]
    assert case.get("decided_by", "") in explained.source
    if "broke" in case:
        assert not isinstance(explained.decision, model.Refuse)
        assert explained.decision.broke == case["broke"]


@pytest.mark.parametrize("case", CASES["broken"], ids=lambda case: case["says"])
def test_a_slip_in_the_policy_is_told_and_never_ignored(
    case: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(errors.UserError) as told:
        policy(tmp_path, case["policy"])

    assert case["says"] in told.value.message


@pytest.mark.parametrize("actor", ["ana", "ben", "ci-7"])
@pytest.mark.parametrize("hour", range(24))
def test_at_any_hour_and_for_anybody_an_explanation_is_the_decision(
    actor: str, hour: int, tmp_path: Path
) -> None:
    text = (
        "[[policy]]\ndecision = 'refuse'\nhours = '22:00-06:00'\nexcept = 'ana'\n"
        "[[policy]]\ndecision = 'ask'\nactor = 'ci-*'\napprovals = 2\n"
    )
    case = {"policy": text, "actor": actor, "at": f"2026-11-22T{hour:02}:00:00+00:00"}
    at = facts(case, tmp_path)

    assert decide.explain(at).decision == decide.decide(at)
    night = hour >= 22 or hour < 6
    wanted = "refuse" if night and actor != "ana" else "confirm"
    assert said(decide.decide(at)) == wanted

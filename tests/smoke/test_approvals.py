"""Two people, a broken glass and `policy explain`, as the people at their terminals meet them."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

Desk = Any
TWO = '[[policy]]\ndecision = "ask"\neffect = "change"\napprovals = 2\nreason = "Two of us."\n'
FROZEN = '[[policy]]\ndecision = "refuse"\neffect = "change"\nreason = "Frozen."\n'


def waiting(desk: Desk) -> str:
    """A run of ana's that waits for a second person at its second step; its id."""
    desk.write(TWO, "midwatch.toml")
    desk.steps("echo looking", "touch mended")
    ended = desk.run("--json", MIDWATCH_ACTOR="ana")
    assert ended.code == 4
    assert "2 people must say yes" in ended.events[-1]["question"]
    return str(ended.run_id)


def shown(desk: Desk, run_id: str, who: str) -> dict[str, Any]:
    ended = desk.midwatch("approve", run_id, "--json", MIDWATCH_ACTOR=who)
    assert ended.code == 4
    found: dict[str, Any] = json.loads(ended.output)
    return found


def test_a_second_person_says_yes_and_the_run_goes_on(desk: Desk) -> None:
    run_id = waiting(desk)
    seen = shown(desk, run_id, "ben")
    assert (seen["step"], seen["text"], seen["approved"]) == (2, "touch mended", False)

    said = desk.midwatch("approve", run_id, "--hash", seen["hash"], MIDWATCH_ACTOR="ben")
    ended = desk.midwatch("resume", run_id, "--json", MIDWATCH_ACTOR="ana")

    assert (said.code, ended.code) == (0, 0)
    assert (desk.folder / "mended").exists()
    yes = [event for event in ended.events if event["kind"] == "approved"]
    assert [event["by"] for event in yes] == ["ben"]
    assert yes[0]["how"].startswith("from the account ")


def test_whoever_asked_for_the_run_is_no_second_person(desk: Desk) -> None:
    run_id = waiting(desk)
    found = shown(desk, run_id, "ben")["hash"]

    said = desk.midwatch("approve", run_id, "--hash", found, MIDWATCH_ACTOR="ana")

    assert said.code == 4
    assert "ana asked for this run" in said.errors
    assert desk.midwatch("resume", run_id, "--yes", "change", MIDWATCH_ACTOR="ana").code == 4
    assert not (desk.folder / "mended").exists()


def test_a_yes_to_what_was_not_shown_is_none(desk: Desk) -> None:
    run_id = waiting(desk)

    for wrong in ("0" * 64, "0" * 12, shown(desk, run_id, "ben")["hash"][:11], ""):
        said = desk.midwatch("approve", run_id, "--hash", wrong, MIDWATCH_ACTOR="ben")
        assert said.code == 2
    assert desk.midwatch("resume", run_id, MIDWATCH_ACTOR="ana").code == 4


def test_a_yes_that_expired_is_none(desk: Desk) -> None:
    run_id = waiting(desk)
    found = shown(desk, run_id, "ben")["hash"]
    desk.midwatch("approve", run_id, "--hash", found, MIDWATCH_ACTOR="ben")
    desk.write(TWO + '[approval]\nexpires = "1s"\n', "midwatch.toml")

    time.sleep(1)
    ended = desk.midwatch("resume", run_id, "--json", MIDWATCH_ACTOR="ana")

    assert ended.code == 4
    assert not (desk.folder / "mended").exists()


def test_a_yes_is_good_once(desk: Desk) -> None:
    desk.write(TWO, "midwatch.toml")
    desk.steps("date +%N >>tried && false")
    run_id = desk.run("--json", MIDWATCH_ACTOR="ana").run_id
    found = shown(desk, run_id, "ben")["hash"]
    desk.midwatch("approve", run_id, "--hash", found, MIDWATCH_ACTOR="ben")
    assert desk.midwatch("resume", run_id, MIDWATCH_ACTOR="ana").code == 1

    ended = desk.midwatch("resume", run_id, "--failed", "retry", MIDWATCH_ACTOR="ana")

    assert ended.code == 4
    assert len((desk.folder / "tried").read_text(encoding="utf-8").splitlines()) == 1


def test_nothing_that_needs_no_yes_can_be_approved(desk: Desk) -> None:
    run_id = waiting(desk)

    early = desk.midwatch("approve", run_id, "--step", "1", MIDWATCH_ACTOR="ben")
    beyond = desk.midwatch("approve", run_id, "--step", "9", MIDWATCH_ACTOR="ben")

    assert (early.code, "is done already" in early.errors) == (2, True)
    assert (beyond.code, "steps 1 to 2" in beyond.errors) == (2, True)


def test_a_broken_glass_runs_and_is_told_loudly_everywhere(desk: Desk) -> None:
    desk.write(FROZEN, "midwatch.toml")
    desk.steps("touch mended")
    assert desk.run("--yes", "change").code == 4

    ended = desk.run(
        "--yes", "change", "--break-glass", "INC-4711 mail is down", MIDWATCH_ACTOR="ana"
    )
    told = desk.midwatch("transcript", ended.run_id).output

    assert ended.code == 0
    assert (desk.folder / "mended").exists()
    for place in (ended.output, told):
        assert "GLASS BROKEN by ana" in place
        assert "INC-4711 mail is down" in place
        assert "Frozen." in place


@pytest.mark.parametrize("reason", ["", "   ", "x"])
def test_no_glass_breaks_without_a_reason(desk: Desk, reason: str) -> None:
    desk.write(FROZEN, "midwatch.toml")
    desk.steps("touch mended")

    assert desk.run("--yes", "change", "--break-glass", reason).code == 2
    assert not (desk.folder / "mended").exists()


def test_policy_explain_names_the_line_and_runs_nothing(desk: Desk) -> None:
    night = FROZEN.replace("\nreason", '\nhours = "22:00-06:00"\nactor = "ci"\nreason')
    desk.write("[targets.production]\n[targets.staging]\n\n" + night, "midwatch.toml")
    desk.steps("echo looking", "touch mended")

    def decided(*flags: str) -> list[tuple[str, str]]:
        ended = desk.midwatch(
            "policy", "explain", "RUNBOOK.md#mend-it", "-t", "staging", "--json", *flags
        )
        assert ended.code == 0, ended.errors
        steps = json.loads(ended.output)["steps"]
        return [(step["decision"], step["decided_by"]) for step in steps]

    at_night = ("--at", "2026-11-22T23:30+00:00")
    read = ("allow", "default: read runs")
    assert decided(*at_night, "--actor", "ci") == [read, ("refuse", "midwatch.toml:4")]
    assert decided(*at_night, "--actor", "ana") == [read, ("ask", "default: change asks")]
    by_day = ("--at", "2026-11-22T12:00+00:00", "--actor", "ci")
    assert decided(*by_day) == [read, ("ask", "default: change asks")]
    assert decided(*by_day, "--yes", "change") == [read, ("allow", "default: change asks")]
    assert not (desk.folder / "mended").exists()
    assert desk.midwatch("runs").output.startswith("No runs yet")


def test_policy_explain_speaks_of_steps_whose_input_is_open(desk: Desk) -> None:
    desk.steps("kubectl delete pod <pod-name>")

    ended = desk.midwatch("policy", "explain", "RUNBOOK.md#mend-it", "--json")

    assert ended.code == 0, ended.errors
    assert json.loads(ended.output)["steps"][0]["decision"] == "ask"


@pytest.mark.parametrize("at", ["soon", "25:00", "2026-13-01"])
def test_a_time_that_is_none_is_told(desk: Desk, at: str) -> None:
    desk.steps("echo looking")

    ended = desk.midwatch("policy", "explain", "RUNBOOK.md#mend-it", "--at", at)

    assert (ended.code, f"“{at}” is no time" in ended.errors) == (2, True)

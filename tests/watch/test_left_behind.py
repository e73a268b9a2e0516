"""What another machine began and nobody here can see is told, and never silently repeated."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from pathlib import Path

import pytest
from tests.watch import harness, test_orders

from midwatch.alerts import probes, procedure_probes
from midwatch.app import carrying, hosting, running, watch_runs
from midwatch.db import place
from midwatch.engine.watch import left_behind, remediating
from midwatch.guards import model as guards
from midwatch.incidents import carriers, events, looks, model, orders
from midwatch.runs import hosted

team = test_orders.team
OTHER = "db1/0123456789abcdef"


def leave(watch: harness.Watch, run: str = "1123-0300-abcd") -> None:
    """The other machine took all that is asked for, began it, and went away."""
    for order in carriers.take(watch.where, 10, OTHER):
        if run:
            remediating.began(watch.where, order, run, order.address, watch.time)


def ended(watch: harness.Watch) -> list[events.RunEnded]:
    return [each for each in watch.timeline() if isinstance(each, events.RunEnded)]


@pytest.mark.parametrize("run", ["1123-0300-abcd", ""])
def test_a_remediation_of_another_machine_is_in_doubt_and_escalates(
    team: harness.Watch, run: str
) -> None:
    team.given = dataclasses.replace(team.given, target="")
    team.fire()
    team.advance()
    test_orders.remediate(team)
    leave(team, run)
    test_orders.carry_out(team)

    assert not Path("healed").exists()
    (ending,) = ended(team)
    assert (ending.purpose, ending.outcome) == ("remediation", "in-doubt")
    assert "it was begun on db1, which does not keep the watch any more" in ending.shown
    assert [e.why for e in team.timeline() if isinstance(e, events.RemediationFailed)] == [
        "it ended in-doubt"
    ]
    team.got.clear()
    team.advance()
    team.expect("0 bo slack page")


def test_a_diagnosis_of_another_machine_is_carried_out_again_and_says_so(
    team: harness.Watch,
) -> None:
    team.fire()
    team.advance()
    leave(team)
    test_orders.carry_out(team)

    assert test_orders.ended(team) == [("diagnosis", "succeeded")]
    assert test_orders.notes(team) == [
        (
            "The diagnosis is carried out again, since it only reads: it was begun on db1, "
            "which does not keep the watch any more"
        )
    ]
    team.got.clear()


def test_a_regular_task_of_another_machine_is_somebodys_business(team: harness.Watch) -> None:
    team.given = dataclasses.replace(team.given, target="")
    team.fire()
    team.advance()
    test_orders.remediate(team, purpose=orders.Purpose.PERIODIC)
    leave(team)
    left_behind.tell(team.where, team.given, "here/1", team.time)

    (severity,) = [e for e in team.timeline() if isinstance(e, events.SeveritySet)]
    assert severity.urgency == model.Urgency.PAGE.value
    assert severity.why == "the regular task ended in-doubt"
    team.got.clear()


def test_a_look_of_another_machine_says_nothing(team: harness.Watch) -> None:
    probe = probes.Probe("Health", harness.MINUTE, 0 * harness.MINUTE)
    arranged = procedure_probes.ProcedureProbe(probe, "queue.md#ask", "lab")
    team.where.write(looks.asking(arranged, "lab", team.time))
    for order in carriers.take(team.where, 10, OTHER):
        team.where.write(orders.started(order, "R1"))
    left_behind.tell(team.where, team.given, "here/1", team.time)

    asked = looks.latest(team.where, "Health")
    assert asked is not None
    assert (asked.state, asked.answer) == (looks.ENDED, looks.UNKNOWN)


def test_of_two_machines_that_take_an_order_at_once_one_gets_it(team: harness.Watch) -> None:
    team.fire()
    team.advance()
    mine = carriers.take(team.where, 10, "here/1")
    assert [each.purpose for each in mine] == [orders.Purpose.DIAGNOSIS]
    assert carriers.take(team.where, 10, OTHER) == []
    assert len(carriers.take(team.where, 10, "here/1")) == 1
    team.got.clear()


def test_what_was_told_as_in_doubt_is_not_gone_on_with_by_itself(
    team: harness.Watch, caplog: pytest.LogCaptureFixture
) -> None:
    """This machine had the watch before, lost it, and has it again."""
    caplog.set_level(logging.WARNING)
    team.given = dataclasses.replace(team.given, target="")
    team.fire()
    team.advance()
    order = test_orders.remediate(team)
    before = hosting.Hosting(hosting.Quiet())
    wish = running.Wish(str(Path.cwd() / test_orders.ADDRESS), "lab", may=guards.May.CHANGE)
    run = before.enter(wish, hosted.Terms(f"midwatch for {order.key}", guards.May.CHANGE))
    asyncio.run(before.close())
    here = place.carrier(place.state_folder())
    for each in carriers.take(team.where, 10, here):
        remediating.began(team.where, each, run, each.address, team.time)
    left_behind.tell(team.where, team.given, OTHER, team.time)
    assert [each.outcome for each in ended(team)] == ["in-doubt"]
    test_orders.carry_out(team)

    assert not Path("healed").exists()
    assert f"run {run} stays as it stands: no order is open for it" in caplog.text
    team.got.clear()


def test_a_journal_keeps_its_name(tmp_path: Path) -> None:
    name = place.carrier(tmp_path)
    assert place.carrier(tmp_path) == name
    other = tmp_path / "other"
    other.mkdir()
    assert place.carrier(other) != name


def test_nothing_is_begun_for_a_watch_that_is_silent(team: harness.Watch) -> None:
    """It may stand still, and another machine keep the watch by now."""
    team.fire()
    team.advance()
    team.got.clear()
    speaks = iter([True, True, False])

    async def some_seconds() -> None:
        runs = watch_runs.Runs(
            team.url, Path.cwd(), lambda: team.given, may=lambda: next(speaks, False)
        )
        serving = asyncio.create_task(runs.serve())
        for _ in range(60):
            await asyncio.sleep(0.05)
            if test_orders.ended(team):
                break
        team.fire(service="mail")
        team.turn()
        await asyncio.sleep(0.6)
        runs.close()
        await serving

    asyncio.run(some_seconds())
    states = team.where.rows("select state from run_orders order by id")
    assert states == [("ended",), ("waiting",)]
    team.got.clear()


def test_a_pulse_is_felt_for_some_seconds(team: harness.Watch) -> None:
    pulse = carrying.Pulse(team)
    assert not pulse.is_felt()
    pulse.beat()
    team.time += 3.9 * harness.STEP / 15
    assert pulse.is_felt()
    team.time += 0.1 * harness.STEP / 15
    assert not pulse.is_felt()

"""The auditor is silent while all is well, and loud about everything that is stuck."""

from __future__ import annotations

from tests.watch import harness

from midwatch.incidents import audit, delivery


def kinds(watch: harness.Watch) -> list[str]:
    return [trouble.kind for trouble in audit.audit(watch.where, watch.time)]


def test_a_healthy_watch_is_well_at_every_moment(watch: harness.Watch) -> None:
    watch.fire()
    for _ in range(40):
        watch.advance(minutes=1)
        assert kinds(watch) == []
    watch.got.clear()


def test_an_incident_that_nobody_moves_on_is_told(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance()
    watch.time += 17 * harness.MINUTE
    assert kinds(watch) == ["late-incident"]
    watch.got.clear()


def test_an_incident_without_a_next_step_is_told(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance()
    watch.where.write(("update incidents set next_at = null", {}))
    assert kinds(watch) == ["forgotten-incident"]
    watch.got.clear()


def test_a_message_that_does_not_move_is_told(watch: harness.Watch) -> None:
    watch.fire()
    watch.advance()
    watch.where.write(("update outbox set state = 'waiting'", {}))
    watch.time += 3 * harness.MINUTE
    assert kinds(watch) == ["late-message", "nobody-told"]
    watch.got.clear()


def test_accepted_alerts_that_nobody_looks_at_are_told(watch: harness.Watch) -> None:
    watch.fire()
    watch.time += 2 * harness.MINUTE
    assert kinds(watch) == ["late-alerts"]


def test_a_page_that_was_given_up_is_told(watch: harness.Watch) -> None:
    watch.answers["slack"] = lambda _: delivery.Never("account closed")
    watch.fire()
    watch.advance(minutes=3)
    assert sorted(set(kinds(watch))) == ["dead-letter", "nobody-told"]

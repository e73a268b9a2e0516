"""Who may do what; tokens; rates."""

from __future__ import annotations

import itertools

import pytest

from midwatch.access import decide, model, rates, tokens
from midwatch.base import errors

MAY = {
    "viewer": {"see"},
    "responder": {"see", "respond", "silence", "replay"},
    "approver": {"see", "respond", "silence", "replay", "approve"},
    "admin": {"see", "respond", "silence", "replay", "approve", "audit", "hand-in"},
    "source": {"hand-in"},
}


@pytest.mark.parametrize(("role", "action"), list(itertools.product(model.Role, model.Action)))
def test_each_role_may_do_what_it_may_and_nothing_else(
    role: model.Role, action: model.Action
) -> None:
    assert decide.allowed(role, action) is (action.value in MAY[role.value])


def test_whoever_may_not_is_told_which_role_it_takes() -> None:
    eve = model.Actor("eve", model.Role.VIEWER)

    with pytest.raises(errors.DeniedError) as told:
        decide.require(eve, model.Action.RESPOND, "I1122-0314-k7qm")

    assert told.value.message == (
        "eve may not respond I1122-0314-k7qm: that takes the role “responder”, and eve is “viewer”."
    )


def test_a_token_belongs_to_whoever_has_its_hash_and_is_kept_as_nothing_else() -> None:
    ana = tokens.Token(model.Actor("ana", model.Role.RESPONDER), tokens.digest("a" * 20))
    bo = tokens.Token(model.Actor("bo", model.Role.VIEWER), tokens.digest("b" * 20))

    assert tokens.holder([ana, bo], "b" * 20) == bo.actor
    assert tokens.holder([ana, bo], "b" * 19) is None
    assert tokens.holder([ana, bo], "") is None
    assert tokens.holder([ana, bo], "\ud800") is None
    assert "b" * 20 not in repr(bo)


def test_a_minutes_worth_passes_at_once_and_the_rest_as_time_goes_by() -> None:
    found = rates.Rates()

    assert found.take("a", 60, per_minute=60, now=0.0) == 0.0
    assert found.take("a", 1, per_minute=60, now=0.0) == 1.0
    assert found.take("b", 1, per_minute=60, now=0.0) == 0.0
    assert found.take("a", 1, per_minute=60, now=1.5) == 0.0
    assert found.take("a", 1, per_minute=60, now=1.5) == 0.5


def test_a_message_larger_than_the_whole_limit_passes_when_nothing_else_did() -> None:
    found = rates.Rates()

    assert found.take("a", 500, per_minute=60, now=0.0) == 0.0
    assert found.take("a", 1, per_minute=60, now=60.0) > 0.0


def test_no_limit_is_none() -> None:
    found = rates.Rates()

    assert [found.take("a", 10**9, per_minute=0, now=0.0) for _ in range(3)] == [0.0] * 3

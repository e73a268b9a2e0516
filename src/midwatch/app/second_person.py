"""Who may say yes to a run, whether at a terminal or over HTTP; in doubt they may not."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.access import names
from midwatch.app import actors, settings
from midwatch.base import errors
from midwatch.guards import model as guards
from midwatch.runs import answers, model, state


class OwnRunError(errors.WaitingError):
    """The yes must be somebody else's."""


class SaidError(errors.WaitingError):
    """They have said it; nobody counts twice."""


def require(
    plan: model.Plan,
    asked: guards.Ask,
    yeses: Sequence[state.Yes],
    actor: actors.Actor,
    found: settings.Settings,
) -> None:
    """Refuse a yes of whoever asked for the run, of who has said it, and of who may be either."""
    several = asked.approvals > 1
    if several or actor.has_token:
        require_other(plan, actor)
    if any(names.same(actor.name, yes.by) for yes in yeses):
        raise SaidError(f"{actor.name} has said yes to this already.")
    if several and (actor.has_token or any(answers.by_token(yes.how) for yes in yeses)):
        _require_known(plan, yeses, actor, found)


def require_other(plan: model.Plan, actor: actors.Actor) -> None:
    """Refuse whoever asked for the run themselves."""
    if names.same(actor.name, plan.requested_by):
        raise OwnRunError(
            f"{actor.name} asked for this run: the yes must be somebody else's.",
            f"On their terminal: midwatch approve RUN (as themselves, or {actors.VARIABLE}=NAME).",
        )


def _require_known(
    plan: model.Plan,
    yeses: Sequence[state.Yes],
    actor: actors.Actor,
    found: settings.Settings,
) -> None:
    """Where a token is among several yeses, another name may be the same person's.

    An account `asouza` may be the holder of the token `ana`, who may hold `ana-phone` as well: only
    people of midwatch.toml are told apart.
    """
    people = found.watch.directory.people if found.watch else {}
    known = {names.key(each) for each in people}
    counted = {actor.name, plan.requested_by, *(yes.by for yes in yeses)}
    strangers = sorted(each for each in counted if each and names.key(each) not in known)
    if strangers:
        raise OwnRunError(
            f"Several people must say yes, and {', '.join(strangers)} may be one of the others: "
            "midwatch.toml knows no person of that name.",
            "Over HTTP tokens are named as the people in [people] are; at a terminal "
            f"{actors.VARIABLE}=NAME says who somebody is.",
        )

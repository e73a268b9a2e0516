"""What the guard is told of a step of a run."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from midwatch.commands import model as commands
from midwatch.guards import decide as guard
from midwatch.guards import model as guards
from midwatch.runs import approvals, model
from midwatch.runs import state as states

if TYPE_CHECKING:
    from midwatch.runs import decide


def following(
    state: states.State, step: model.PlannedStep, setting: decide.Setting
) -> guards.Allow:
    """A step that already runs keeps its limits; it was allowed when it began."""
    said = approvals.Valid(approved=True, people=frozenset())
    decision = guard.decide(of(state, step, setting, said))
    return decision if isinstance(decision, guards.Allow) else guards.Allow("It already runs.")


def opens_shell(state: states.State, step: model.PlannedStep, setting: decide.Setting) -> bool:
    """Whether the policy lets one person do here what nobody can know beforehand."""
    said = approvals.Valid(approved=True, people=frozenset())
    facts = dataclasses.replace(
        of(state, step, setting, said),
        effect=commands.Effect.UNKNOWN,
        traits=frozenset({commands.Trait.INTERACTIVE}),
        tools=("bash",),
        break_glass="",
    )
    return isinstance(guard.decide(facts), guards.Allow)


def of(
    state: states.State, step: model.PlannedStep, setting: decide.Setting, said: approvals.Valid
) -> guards.Facts:
    """The facts of the step, with the yeses that count."""
    return guards.Facts(
        effect=step.effect,
        traits=step.traits,
        target=state.plan.target,
        procedure=state.plan.procedure,
        tools=step.tools,
        attended=setting.attended,
        may=setting.may,
        approved=said.approved,
        policy=setting.policy,
        now=setting.now,
        actor=setting.actor,
        requester=state.plan.requested_by,
        approvers=said.people,
        break_glass=setting.break_glass,
    )

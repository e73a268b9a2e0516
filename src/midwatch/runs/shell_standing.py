"""Where a run's shell stands: its state, the author's EXIT trap in it, a person inside it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from midwatch.runs import events, shell_events

if TYPE_CHECKING:
    from midwatch.runs import state as states


def after(state: states.State, event: shell_events.ShellEvent) -> states.State:
    """The standing once this has happened to the shell."""
    match event:
        case shell_events.ExitTrapStarted():
            return dataclasses.replace(state, leaving=event)
        case shell_events.ExitTrapFinished(state=shell):
            return dataclasses.replace(state, leaving=None, shell=shell, exit_trap="")
        case shell_events.ShellOpened():
            return dataclasses.replace(
                state, opened=event, left=None, shell_count=max(state.shell_count, event.number)
            )
        case shell_events.ShellClosed():
            left = event if event.left is not None else None
            return dataclasses.replace(state, opened=None, left=left)
        case shell_events.ShellCarried(carried=carried):
            return _carried(state) if carried else dataclasses.replace(state, left=None)


def _carried(state: states.State) -> states.State:
    left = state.left
    if left is None or left.left is None:
        return state
    return dataclasses.replace(state, left=None, shell=left.left, exit_trap=left.exit_trap)


def begun(state: states.State, index: int) -> states.State:
    """The standing as a step begins: what it begins with is kept, for going on from it again."""
    return dataclasses.replace(
        state,
        shells={index: state.shell, **state.shells},
        exit_traps={index: state.exit_trap, **state.exit_traps},
    )


def ended(state: states.State, event: events.StepFinished | events.StepInterrupted) -> states.State:
    """The standing as a step ends: a step that left the shell itself leaves it as it was."""
    if event.state is None:
        return state
    trap = event.exit_trap if isinstance(event, events.StepFinished) else ""
    return dataclasses.replace(state, shell=event.state, exit_trap=trap)


def again(state: states.State, first: int) -> states.State:
    """The standing as it was when that step first began."""
    return dataclasses.replace(
        state,
        shell=state.shells.get(first, state.shell),
        shells={index: shell for index, shell in state.shells.items() if index < first},
        exit_trap=state.exit_traps.get(first, state.exit_trap),
        exit_traps={index: trap for index, trap in state.exit_traps.items() if index < first},
    )

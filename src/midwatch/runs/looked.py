"""What a run that only looks has shown: all is well, something is wrong, or nobody can tell."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from midwatch.base import lazy, shape
from midwatch.runs import events, model, state

NOT_THERE = frozenset({126, 127})
"""The shell's exit codes for a program that is not there, or cannot be carried out."""
SSH = frozenset({"ssh", "scp", "sftp", "rsync", "ansible"})
SSH_FAILED = 255
THROUGH = {
    "kubectl": "kubernetes",
    "oc": "kubernetes",
    "helm": "kubernetes",
    "docker": "docker",
    "docker-compose": "docker",
    "podman": "docker",
    "aws": "cloud",
    "gcloud": "cloud",
    "az": "cloud",
}
"""Programs that look at things through something else, which may be what is away."""
AWAY = {
    "kubernetes": lazy.pattern(
        r"(?i)unable to connect to the server|the connection to the server .* was refused"
        r"|kubernetes cluster unreachable|couldn't get current server api group list"
        r"|you must be logged in to the server|context .* does not exist|i/o timeout"
    ),
    "docker": lazy.pattern(
        r"(?i)cannot connect to the (?:docker|podman)|error during connect|is the docker daemon"
    ),
    "cloud": lazy.pattern(
        r"(?i)could not connect to the endpoint|unable to locate credentials|expiredtoken"
        r"|failed to establish a new connection|please run:? .*login|token .*expired"
    ),
}
OUTSIDE = lazy.pattern(r"(?i)\b(?:database|prometheus)(?: at \S+)? cannot be reached")
"""How our own steps say that the address of the target does not answer."""


class Answer(enum.StrEnum):
    """What a look says."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    """What is looked at was not seen."""


@shape.frozen
class Looked:
    """The answer, and in a sentence why."""

    answer: Answer
    said: str = ""


def of(recorded: Sequence[events.Recorded]) -> Looked:
    """What the run says; one that waits for somebody says nothing of the world."""
    standing = state.fold(recorded)
    if standing.finished is None:
        asked = [each.event for each in recorded if isinstance(each.event, events.Waiting)]
        why = asked[-1].question if asked else "it did not end"
        return Looked(Answer.UNKNOWN, f"it waits for a person: {why}")
    reason = standing.finished.reason
    match standing.outcome:
        case model.Outcome.SUCCEEDED:
            return Looked(Answer.GOOD, reason)
        case model.Outcome.FAILED:
            away = _away(recorded, standing)
            return Looked(Answer.UNKNOWN, away) if away else Looked(Answer.BAD, reason)
        case _:
            return Looked(Answer.UNKNOWN, reason)


def _away(recorded: Sequence[events.Recorded], standing: state.State) -> str:
    """Why what is looked at could not be reached; empty where it was seen, and is ill."""
    ended = [each.event for each in recorded if isinstance(each.event, events.StepFinished)]
    if not ended or ended[-1].exit == 0:
        return ""
    last = ended[-1]
    step = standing.plan.steps[last.step]
    if not _is_away(step, last):
        return ""
    lines = [line.strip() for line in last.tail.splitlines() if line.strip()]
    said = f": {lines[-1]}" if lines else ""
    return f"line {step.line}, {step.title}: what it looks at cannot be reached{said}"


def _is_away(step: model.PlannedStep, ended: events.StepFinished) -> bool:
    if step.carrier is model.Carrier.OUTSIDE:
        return bool(OUTSIDE.search(ended.tail))
    if ended.exit in NOT_THERE:
        return True
    tools = {each.partition(" ")[0] for each in step.tools}  # without their sub-commands
    if ended.exit == SSH_FAILED and SSH & tools:
        return True
    through: set[str] = {THROUGH[tool] for tool in tools if tool in THROUGH}
    return any(_found(AWAY[each], ended.tail) for each in through)


def _found(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None

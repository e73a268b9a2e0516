"""Beside a question stands what was seen last of what it asks about."""

from __future__ import annotations

import pytest

from midwatch.commands import model as commands
from midwatch.runs import beside, model, state

STEPS = (
    ("Check the queue", "rabbitmqctl list_queues", "orders 4711\nnews 2"),
    ("Check the queue", "rabbitmqctl list_consumers", "orders worker-1"),
    ("Check the disk", "df -h /", "/dev/vda 98% /"),
    ("Look at the pods", "kubectl get pods", "web-1 CrashLoopBackOff"),
    ("Clean up", "rm -rf tmp", ""),
)


def step(index: int, title: str, text: str) -> model.PlannedStep:
    return model.PlannedStep(
        index=index,
        line=index + 1,
        title=title,
        phase="diagnose",
        kind="shell",
        language="bash",
        text=text,
        effect=commands.Effect.READ,
        carrier=model.Carrier.SHELL,
        digest=str(index),
    )


def standing() -> state.State:
    steps = tuple(step(index, title, text) for index, (title, text, _) in enumerate(STEPS))
    plan = model.Plan("r.md", "d", "p", "P", "local", steps, "/")
    seen = {index: printed for index, (_, _, printed) in enumerate(STEPS[:4])}
    return state.State(plan, seen=seen)


@pytest.mark.parametrize(
    ("asked", "title", "lines"),
    [
        ("the disk is full", "Check the disk", ("/dev/vda 98% /",)),
        ("queues pile up", "Check the queue", ("orders 4711", "news 2", "orders worker-1")),
        ("a pod is in CrashLoopBackOff", "Look at the pods", ("web-1 CrashLoopBackOff",)),
        ("needed", "Look at the pods", ("web-1 CrashLoopBackOff",)),
    ],
)
def test_the_step_that_speaks_of_it_is_shown_or_else_the_last_one(
    asked: str, title: str, lines: tuple[str, ...]
) -> None:
    found = beside.of(standing(), standing().plan.steps[4], asked)

    assert found is not None
    assert (found.step.title, found.lines) == (title, lines)


def test_nothing_is_shown_of_what_comes_later() -> None:
    assert beside.of(standing(), standing().plan.steps[0], "the disk is full") is None

"""`midwatch policy`: what the guard would say, without anything running."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import clock, lazy
from midwatch.faces.cli import run_flags

if TYPE_CHECKING:
    from rich import text

    from midwatch.app import actors
    from midwatch.app import policy as policies
    from midwatch.faces.cli import marks, run_options, terminal
    from midwatch.guards import model as guards
else:
    text = lazy.module("rich.text")
    actors = lazy.module("midwatch.app.actors")
    policies = lazy.module("midwatch.app.policy")
    marks = lazy.module("midwatch.faces.cli.marks")
    run_options = lazy.module("midwatch.faces.cli.run_options")
    terminal = lazy.module("midwatch.faces.cli.terminal")
    guards = lazy.module("midwatch.guards.model")


def explain(
    procedure: run_flags.Address,
    *,
    target: run_flags.Target = None,
    actor: Annotated[
        str | None, typer.Option("--actor", help="Who; else you (MIDWATCH_ACTOR or the account).")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="When: 03:14, 2026-11-22T03:14.")
    ] = None,
    unattended: Annotated[
        bool, typer.Option("--unattended", help="As if nobody sat at a terminal.")
    ] = False,
    yes: run_flags.Yes = None,
    break_glass: run_flags.BreakGlass = None,
    json_: Annotated[bool, typer.Option("--json", help="One object, for programs.")] = False,
) -> None:
    """Show what the guard would say of each step, and which line or default decides it.

    For example:

        midwatch policy explain ops/RUNBOOK.md#queue-backlog --target production

        midwatch policy explain ops/RUNBOOK.md#restart --actor ci --at 03:14
    """
    now = clock.SystemClock().now()
    question = policies.Question(
        address=procedure,
        target=target,
        actor=actors.name(actor) if actor else actors.of(os.environ).name,
        at=policies.time(at, now) if at else now,
        attended=not unattended,
        may=run_options.may(yes),
        break_glass=run_options.reason(break_glass),
    )
    found = policies.explain(question)
    if json_:
        sys.stdout.write(json.dumps(_fields(question, found), ensure_ascii=False) + "\n")
        return
    screen = terminal.output()
    for line in _lines(question, found):
        screen.print(line, soft_wrap=True)


def _lines(question: policies.Question, found: policies.Explanation) -> Iterator[text.Text]:
    plan = found.plan
    yield text.Text(f"{plan.title} on {plan.target}", style="bold")
    who = f"{question.actor}, {question.at:%Y-%m-%d %H:%M %Z}"
    yield text.Text(f"  {who}, policy: {found.path or 'the defaults'}", style="dim")
    for answer in found.answers:
        step = answer.step
        line = text.Text(f"{step.index + 1:>3}  ")
        line.append_text(marks.effect(step.effect) if answer.explained else marks.person())
        yield line.append(f" {step.title}  ").append(f"line {step.line}", style="dim")
        if answer.explained is None:
            yield text.Text(f"     by hand: {step.by_person}", style="dim")
            continue
        verdict, style = said(answer.explained.decision)
        yield text.Text(f"     {verdict}", style=style)
        yield text.Text(f"     decided by {answer.explained.source}", style="dim")


def said(decision: guards.Decision) -> tuple[str, str]:
    """The decision in words, and how it looks."""
    match decision:
        case guards.Refuse(reason, way):
            return f"refused: {reason} {way}".rstrip(), "bold red"
        case guards.Ask(manner, why, approvals):
            people = f", {approvals} people must say yes" if approvals > 1 else ""
            return f"asks ({WORDS[manner]}{people}): {why}", "yellow"
        case guards.Allow(why, seconds):
            limit = f", at most {seconds:g} s" if seconds else ""
            return f"runs{limit}: {why}", "green"


WORDS = {
    "confirm": "yes or skip",
    "type-target": "type the target's name",
    "second-person": "somebody else",
}


def _fields(question: policies.Question, found: policies.Explanation) -> dict[str, object]:
    return {
        "runbook": found.plan.runbook,
        "procedure": found.plan.procedure,
        "target": found.plan.target,
        "actor": question.actor,
        "at": question.at.isoformat(),
        "policy": str(found.path) if found.path else None,
        "steps": [_step(answer) for answer in found.answers],
    }


def _step(answer: policies.Answer) -> dict[str, object]:
    step = answer.step
    fields: dict[str, object] = {
        "step": step.index + 1,
        "line": step.line,
        "title": step.title,
        "text": step.text,
        "effect": step.effect,
        "traits": sorted(step.traits),
    }
    if answer.explained is None:
        return {**fields, "decision": "by-hand", "why": step.by_person, "decided_by": None}
    source = answer.explained.source
    return {**fields, **_decision(answer.explained.decision), "decided_by": source}


def _decision(decision: guards.Decision) -> dict[str, object]:
    match decision:
        case guards.Refuse(reason, way):
            return {"decision": "refuse", "why": reason, "way": way}
        case guards.Ask(manner, why, approvals, have, broke):
            how = {"manner": manner, "approvals": approvals, "have": have, "broke": broke}
            return {"decision": "ask", "why": why, **how}
        case guards.Allow(why, seconds):
            return {"decision": "allow", "why": why, "seconds": seconds, "broke": decision.broke}

"""The claims of a check, held against the programs of this machine: `check --oracle`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from midwatch.base import shape
from midwatch.checks import hearing, model

Ask = Callable[[hearing.Question], hearing.Answer | None]


@shape.frozen
class Heard:
    """The findings that stand, and what became of those that were asked about."""

    findings: tuple[model.Finding, ...]
    confirmed: int = 0
    withdrawn: int = 0
    programs: frozenset[str] = frozenset()
    """Those that answered."""


def hear(findings: Iterable[model.Finding], ask: Ask) -> Heard:
    """Ask about each finding that a program of this machine could know better."""
    kept: list[model.Finding] = []
    counts = dict.fromkeys(hearing.Verdict, 0)
    programs: set[str] = set()
    for finding in findings:
        verdict = asked(finding, ask)
        counts[verdict] += 1
        if verdict is hearing.Verdict.CONFIRMED:
            kept.append(confirmed(finding))
        elif verdict is hearing.Verdict.UNSURE:
            kept.append(finding)
        if verdict is not hearing.Verdict.UNSURE and finding.claim is not None:
            programs.add(finding.claim.tool)
    return Heard(
        tuple(kept),
        counts[hearing.Verdict.CONFIRMED],
        counts[hearing.Verdict.WITHDRAWN],
        frozenset(programs),
    )


def asked(finding: model.Finding, ask: Ask) -> hearing.Verdict:
    """What the program itself says of a finding."""
    question = hearing.question(finding.claim) if finding.claim is not None else None
    answer = ask(question) if question is not None else None
    if finding.claim is None or answer is None:
        return hearing.Verdict.UNSURE
    return hearing.verdict(finding.claim, answer)


def confirmed(finding: model.Finding) -> model.Finding:
    """A finding that the program on this machine agrees with."""
    tool = finding.claim.tool if finding.claim is not None else ""
    return dataclasses.replace(
        finding,
        severity=model.Severity.ERROR,
        message=f"{finding.message} The `{tool}` of this machine says so too.",
    )

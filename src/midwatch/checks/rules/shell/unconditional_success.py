"""A script that says it succeeded, whatever happened."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model, sentences
from midwatch.runbook import model as runbooks

CAREFUL = lazy.pattern(
    r"\bset\s+-\w*e|\bset\s+-o\s+errexit|\btrap\b.*\bERR\b|^#!.*\s-\w*e", re.MULTILINE
)
SAYS = lazy.pattern(
    r"^(?:echo|printf|log\w*|mail|notify\w*)\b.*\b(?:complete|completed|success|successful|"
    r"successfully|succeeded|done|finished|ok|healthy|is safe|all good)\b",
    re.IGNORECASE,
)
TESTS = lazy.pattern(r"^(?:if|elif|else|fi|for|while|do|done|case|esac|\}|\{|then|until)\b")
SPEAKS = lazy.pattern(
    r"^(?:echo|printf|log\w*|\w+=|local|export|readonly|declare|set|#|mkdir|cd|date|exit|return|trap|shift)\b|^\w+="
)
GRAVE = lazy.pattern(r"back-?up|restor|recover|deploy|migrat|promot|failover|rotat", re.IGNORECASE)
SUCCESS = lazy.pattern(r"succe|completed|✅", re.IGNORECASE)
MUCH = 2


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A message of success that no command's status decides about."""
    for block, lines in sentences.read(subject):
        if block.role != "script" or CAREFUL.search(block.text):
            continue
        last = lines[-1] if lines else None
        if last is None or not SAYS.match(last.text):
            continue
        works = [s for s in lines[:-1] if not SPEAKS.match(s.bare) and not TESTS.match(s.bare)]
        asked = {before.line for before, after in itertools.pairwise(lines) if "$?" in after.text}
        checked = [s for s in works if s.line in asked or re.search(r"\|\||&&", s.bare)]
        if not works or (checked and len(works) - len(checked) < MUCH):
            continue
        grave = GRAVE.search(f"{block.text[:120]} {last.text}")
        yield model.Hit(
            last.line,
            f"This is said whatever happened to {counted(len(works))} above it.",
            column=last.column,
            severity=model.Severity.INFO
            if only_looks(subject, block)
            else weight(last.text, grave=grave is not None, works=len(works)),
        )


def weight(text: str, *, grave: bool, works: int) -> model.Severity | None:
    """How bad it is: least where a script only says that it is through."""
    if grave and works > 1:
        return None
    claims = grave or SUCCESS.search(text)
    return model.Severity.WARNING if claims else model.Severity.INFO


def only_looks(subject: model.Subject, block: runbooks.Block) -> bool:
    """Whether a script changes nothing, so that nothing is believed to be done that is not."""
    steps = [step for _, step in facts.steps(subject) if step.fence_line == block.line]
    return bool(steps) and not any(facts.changes(step) for step in steps)


def counted(number: int) -> str:
    """So many commands, in words."""
    return "the command" if number == 1 else f"the {number} commands"


RULE = model.Rule(
    id="shell/unconditional-success",
    severity=model.Severity.ERROR,
    summary="A script that says it succeeded, whatever happened.",
    why="A backup that failed, a recovery that stopped half-way: the last line reads the same, and "
    "people go back to bed.",
    fix="Begin with `set -euo pipefail`, or test each command before saying so.",
    example=model.Example(
        bad="```bash\n#!/bin/bash\n# save.sh\npg_dump desk > /vault/desk.sql\n"
        'aws s3 cp /vault/desk.sql s3://desk-vault/\necho "Backup completed"\n```\n',
        good="```bash\n#!/bin/bash\n# save.sh\nset -euo pipefail\npg_dump desk > /vault/desk.sql\n"
        'aws s3 cp /vault/desk.sql s3://desk-vault/\necho "Backup completed"\n```\n',
    ),
    check=check,
)

"""Every rule there is, area by area."""

from __future__ import annotations

import difflib

from midwatch.base import errors
from midwatch.checks import model
from midwatch.checks.rules import alert, command, manifest, meaning, procedure, safety, shell

RULES: tuple[model.Rule, ...] = (
    *command.RULES,
    *shell.RULES,
    *meaning.RULES,
    *safety.RULES,
    *procedure.RULES,
    *alert.RULES,
    *manifest.RULES,
)


def find(name: str) -> model.Rule:
    """The rule of that id; its bare name will do where only one area has it."""
    matches = [rule for rule in RULES if name in {rule.id, rule.id.partition("/")[2]}]
    if len(matches) == 1:
        return matches[0]
    near = difflib.get_close_matches(name, [rule.id for rule in RULES], n=1, cutoff=0.4)
    hint = f"Did you mean `{near[0]}`?" if near else "The folder docs/rules lists them all."
    raise errors.UserError(f"There is no rule `{name}`.", hint)

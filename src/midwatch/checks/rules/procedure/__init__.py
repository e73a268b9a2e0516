"""The `procedure` rules, listed by hand so that what is checked can be seen in one place."""

from __future__ import annotations

from midwatch.checks import model
from midwatch.checks.rules.procedure import empty_section

RULES: tuple[model.Rule, ...] = (empty_section.RULE,)

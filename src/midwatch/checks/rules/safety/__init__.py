"""The `safety` rules, listed by hand so that what is checked can be seen in one place."""

from __future__ import annotations

from midwatch.checks import model

RULES: tuple[model.Rule, ...] = ()

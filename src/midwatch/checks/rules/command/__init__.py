"""The `command` rules, listed by hand so that what is checked can be seen in one place."""

from __future__ import annotations

from midwatch.checks import model
from midwatch.checks.rules.command import (
    deprecated,
    flag_without_effect,
    missing_argument,
    missing_file_prefix,
    missing_required_flag,
    password_flag_space,
    removed,
    removed_sql,
    unknown_flag,
    unknown_subcommand,
    unsupported_kind,
)

RULES: tuple[model.Rule, ...] = (
    deprecated.RULE,
    flag_without_effect.RULE,
    missing_argument.RULE,
    missing_file_prefix.RULE,
    missing_required_flag.RULE,
    password_flag_space.RULE,
    removed.RULE,
    removed_sql.RULE,
    unknown_flag.RULE,
    unknown_subcommand.RULE,
    unsupported_kind.RULE,
)

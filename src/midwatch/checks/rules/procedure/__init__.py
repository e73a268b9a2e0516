"""The `procedure` rules, listed by hand so that what is checked can be seen in one place."""

from __future__ import annotations

from midwatch.checks import model
from midwatch.checks.rules.procedure import (
    command_in_comment,
    command_in_prose,
    comment_only_step,
    contents_incomplete,
    dead_anchor,
    dead_link,
    empty_section,
    escalation_disagrees,
    fixed_date,
    no_expected_result,
    no_owner,
    no_rollback,
    no_verification,
    prose_only,
    recovery_target_too_short,
    severity_disagrees,
    stale_proof,
    unfilled_contact,
    unknown_role,
    unreached_level,
)

RULES: tuple[model.Rule, ...] = (
    no_verification.RULE,
    no_rollback.RULE,
    no_expected_result.RULE,
    no_owner.RULE,
    unfilled_contact.RULE,
    unknown_role.RULE,
    unreached_level.RULE,
    severity_disagrees.RULE,
    escalation_disagrees.RULE,
    recovery_target_too_short.RULE,
    dead_anchor.RULE,
    dead_link.RULE,
    contents_incomplete.RULE,
    empty_section.RULE,
    prose_only.RULE,
    comment_only_step.RULE,
    command_in_comment.RULE,
    command_in_prose.RULE,
    fixed_date.RULE,
    stale_proof.RULE,
)

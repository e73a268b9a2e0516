"""The `manifest` rules, listed by hand so that what is checked can be seen in one place."""

from __future__ import annotations

from midwatch.checks import model
from midwatch.checks.rules.manifest import (
    bad_schedule,
    entrypoint_bypassed,
    invalid_yaml,
    latest_tag,
    metric_without_provider,
    missing_field,
    no_memory_limit,
    plain_secret,
    prompt_in_container,
    recovery_conf,
    removed_api,
    repeated_field,
    selector_mismatch,
    snapshot_not_awaited,
    stateful_as_deployment,
    unknown_field,
    unknown_kind,
    unknown_path,
    unsupported_selector,
    values_disagree,
    wrong_type,
    wrong_value,
)

RULES: tuple[model.Rule, ...] = (
    invalid_yaml.RULE,
    removed_api.RULE,
    unknown_kind.RULE,
    unknown_field.RULE,
    unknown_path.RULE,
    unsupported_selector.RULE,
    repeated_field.RULE,
    wrong_type.RULE,
    wrong_value.RULE,
    missing_field.RULE,
    selector_mismatch.RULE,
    bad_schedule.RULE,
    stateful_as_deployment.RULE,
    entrypoint_bypassed.RULE,
    prompt_in_container.RULE,
    recovery_conf.RULE,
    snapshot_not_awaited.RULE,
    latest_tag.RULE,
    values_disagree.RULE,
    no_memory_limit.RULE,
    metric_without_provider.RULE,
    plain_secret.RULE,
)

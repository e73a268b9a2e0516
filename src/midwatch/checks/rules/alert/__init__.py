"""The `alert` rules, listed by hand so that what is checked can be seen in one place."""

from __future__ import annotations

from midwatch.checks import model
from midwatch.checks.rules.alert import (
    counter_without_rate,
    differs_from_rules,
    duration_only_in_prose,
    free_for_available,
    histogram_without_le,
    limit_may_be_zero,
    never_alerted,
    no_runbook,
    not_a_metric,
    promql_invalid,
    rate_as_ratio,
    runbook_not_found,
    threshold_without_query,
    thresholds_differ,
    without_procedure,
)

RULES: tuple[model.Rule, ...] = (
    promql_invalid.RULE,
    rate_as_ratio.RULE,
    counter_without_rate.RULE,
    limit_may_be_zero.RULE,
    histogram_without_le.RULE,
    free_for_available.RULE,
    not_a_metric.RULE,
    threshold_without_query.RULE,
    duration_only_in_prose.RULE,
    thresholds_differ.RULE,
    without_procedure.RULE,
    no_runbook.RULE,
    runbook_not_found.RULE,
    differs_from_rules.RULE,
    never_alerted.RULE,
)

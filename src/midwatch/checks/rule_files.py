"""Prometheus rule files, as text, read into the alerts they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from midwatch.base import errors, lazy
from midwatch.checks import model

if TYPE_CHECKING:
    import yaml
else:
    yaml = lazy.module("yaml")


def read(text: str, path: str) -> tuple[model.AlertRule, ...]:
    """The alerts of a rule file; a PrometheusRule manifest is read as well."""
    try:
        documents = list(yaml.safe_load_all(text))
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        place = f"{path}:{where.line + 1}" if where else path
        raise errors.UserError(f"{place} is not YAML, so its alerts cannot be read.") from error
    lines = alert_lines(text)
    return tuple(alert(rule, path, lines) for document in documents for rule in rules_of(document))


def alert_lines(text: str) -> dict[str, int]:
    """On which line each alert is named first."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        named = re.match(r"\s*(?:-\s*)?alert:\s*[\"']?([^\s\"'#]+)", line)
        if named:
            lines.setdefault(named[1], number)
    return lines


def rules_of(document: object) -> Iterator[Mapping[str, object]]:
    """The alerting rules of one YAML document."""
    if not isinstance(document, Mapping):
        return
    spec = document.get("spec")
    groups = document.get("groups") or (spec.get("groups") if isinstance(spec, Mapping) else None)
    for group in groups if isinstance(groups, list) else []:
        rules = group.get("rules") if isinstance(group, Mapping) else None
        for rule in rules if isinstance(rules, list) else []:
            if isinstance(rule, Mapping) and "alert" in rule:
                yield rule


def alert(rule: Mapping[str, object], path: str, lines: Mapping[str, int]) -> model.AlertRule:
    """One alerting rule."""
    name = str(rule["alert"])
    labels, annotations = table(rule.get("labels")), table(rule.get("annotations"))
    return model.AlertRule(
        path=path,
        line=lines.get(name, 1),
        name=name,
        expression=str(rule.get("expr", "")),
        duration=str(rule["for"]) if "for" in rule else None,
        severity=labels.get("severity"),
        runbook=annotations.get("runbook_url") or annotations.get("runbook"),
    )


def table(value: object) -> dict[str, str]:
    """A table of strings, whatever the file holds there."""
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, Mapping) else {}

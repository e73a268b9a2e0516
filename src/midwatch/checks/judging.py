"""From rules and documents to findings: pure, and the same in every face."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from midwatch.checks import fingerprints, model, repairs, selection, suppression


def judge(
    subject: model.Subject, rules: Iterable[model.Rule], chosen: selection.Selection
) -> list[model.Finding]:
    """What the rules find in one document, in the order of its lines."""
    path = subject.runbook.path
    silences = suppression.read(subject.lines)
    found = [
        finding_of(rule, hit, path, chosen, subject.lines)
        for rule in rules
        if rule.check is not None and chosen.wants(rule.id, path)
        for hit in rule.check(subject)
    ]
    return in_order(finding for finding in found if not suppression.silenced(finding, silences))


def judge_all(
    collection: model.Collection, rules: Iterable[model.Rule], chosen: selection.Selection
) -> list[model.Finding]:
    """What the rules find that look at every document at once."""
    silences = {outline.path: outline.silences for outline in collection.outlines}
    found = [
        finding_of(rule, hit, hit.path, chosen, ())
        for rule in rules
        if rule.check_all is not None
        for hit in rule.check_all(collection)
        if chosen.wants(rule.id, hit.path)
    ]
    return in_order(
        finding
        for finding in found
        if not suppression.silenced(finding, silences.get(finding.path, ()))
    )


def finding_of(
    rule: model.Rule,
    hit: model.Hit,
    path: str,
    chosen: selection.Selection,
    lines: tuple[str, ...],
) -> model.Finding:
    """What a person is told of a hit: the rule fills in what the hit leaves open."""
    return model.Finding(
        rule=rule.id,
        severity=chosen.severity_of(rule.id, hit.severity or rule.severity),
        path=path,
        line=max(1, hit.line),
        column=max(1, hit.column),
        end_line=max(hit.line, hit.end_line, 1),
        end_column=hit.end_column,
        message=hit.message,
        why=hit.why or rule.why,
        fix=hit.fix or rule.fix,
        source=lines[hit.line - 1] if 0 < hit.line <= len(lines) else "",
        replacement=hit.replacement or repairs.of(rule.id, lines, hit),
        claim=hit.claim,
    )


def in_order(findings: Iterable[model.Finding]) -> list[model.Finding]:
    """Findings once each, by place, with their fingerprints."""
    unique = {(f.path, f.line, f.column, f.rule, f.message): f for f in findings}
    return fingerprints.number(finding for _, finding in sorted(unique.items()))


def at_least(findings: Sequence[model.Finding], level: model.Severity) -> list[model.Finding]:
    """The findings at or above a severity."""
    return [f for f in findings if model.RANK[f.severity] >= model.RANK[level]]

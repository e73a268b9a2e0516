"""What a tool runs: the words behind `--`, the value of `-c`, what comes through a pipe."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from midwatch.base import lazy
from midwatch.commands import builtins, entries, given, judging, masking, matching, model, words
from midwatch.commands.embedded import languages

ASSIGNMENT = lazy.pattern(r"([A-Za-z_][A-Za-z0-9_]*)\+?=(.*)", re.DOTALL)
DATABASES = frozenset({"sql", "mysql", "cql", "clickhouse", "redis", "javascript"})
DUMP = lazy.pattern(
    r"dump|backup|export|restore|snapshot|archive|\.sql\.(?:gz|zst|xz|bz2)$|\.(?:bak|rdb|pgdump)",
    re.IGNORECASE,
)
"""Files that hold a whole database: loading one writes over what is there."""
EXPLICIT = frozenset({"flag", "dashdash"})
DATA_WHY = "what it is given to read is data and no program"
STDIN_WHY = "it runs what it is given to read, and that is not known here"


def verdict(
    found: given.Given,
    supply: judging.Supply | None,
    judge: judging.Judge,
    *,
    decided: matching.Decision | None,
) -> judging.Verdict | None:
    """The verdict of the first thing inside that applies; None when nothing does.

    Where a condition has `decided` already, what it would run otherwise counts no more: a flag
    that only lists makes of the operands no command.
    """
    spans = [argument.span for argument in found.arguments]
    span = model.Span(spans[0].start, spans[-1].end) if spans else model.Span(0, 0)
    for entry in found.entry.inside:
        if decided and _decided_away(entry, decided):
            continue
        part = _one(entry, found, supply, judge, span)
        if part is None:
            continue
        if entry.result.traits:
            part = dataclasses.replace(part, traits=part.traits | entry.result.traits)
        return judging.elsewhere(part) if entry.remote else part
    return None


def _decided_away(entry: entries.Inside, decided: matching.Decision) -> bool:
    """Whether the condition that held leaves this nothing to run."""
    if entry.origin == "none" or entry.flags & decided.flags:
        return True
    return decided.effect is model.Effect.READ and entry.origin not in EXPLICIT


def _one(
    entry: entries.Inside,
    found: given.Given,
    supply: judging.Supply | None,
    judge: judging.Judge,
    span: model.Span,
) -> judging.Verdict | None:
    if entry.origin == "none":
        effect = entry.result.effect or model.Effect.UNKNOWN
        return judging.Verdict(effect, entry.result.why, entry.result.traits, whole=True)
    if entry.origin == "stdin":
        return _stdin(entry, supply, judge, span)
    if entry.origin == "flag":
        return _flags(entry, found, supply, judge, span)
    first = entry.skip
    if entry.origin == "dashdash":
        if found.dashdash is None:
            return None
        first += found.dashdash
    return _words(entry, found.after(first), supply, judge)


def _words(
    entry: entries.Inside,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
    judge: judging.Judge,
) -> judging.Verdict | None:
    risks: list[judging.Verdict] = []
    if entry.skip_assignments:
        while arguments and (match := ASSIGNMENT.fullmatch(arguments[0].pattern)):
            risk = builtins.of_assignment(match[1], match[2])
            risks += [risk] if risk else []
            arguments = arguments[1:]
    if not arguments:
        return judging.worst(risks) if risks else None
    if entry.language == "argv":
        part = judge.argv(arguments, supply)
    elif entry.language == "script":
        part = judge.script(arguments[0])
    else:
        if any(argument.many for argument in arguments):
            return judging.unknown("what it runs is only known when it runs")
        text = " ".join(argument.pattern for argument in arguments)
        span = model.Span(arguments[0].span.start, arguments[-1].span.end)
        part = in_language(entry.language, text, span, supply, judge)
    return judging.worst([part, *risks])


def _flags(
    entry: entries.Inside,
    found: given.Given,
    supply: judging.Supply | None,
    judge: judging.Judge,
    span: model.Span,
) -> judging.Verdict | None:
    parts = [
        in_language(entry.language, flag.value or "", span, supply, judge)
        for flag in found.flags
        if flag.name in entry.flags
    ]
    return judging.worst(parts) if parts else None


def _stdin(
    entry: entries.Inside,
    supply: judging.Supply | None,
    judge: judging.Judge,
    span: model.Span,
) -> judging.Verdict | None:
    if supply is None:
        return None
    if entry.language == "none":
        effect = entry.result.effect or model.Effect.READ
        return judging.Verdict(effect, entry.result.why or DATA_WHY)
    if supply.text is None:
        if entry.language in DATABASES and DUMP.search(supply.name):
            return judging.destroy(f"it loads {supply.name} over what is in the database")
        if entry.language in DATABASES and supply.name:
            return judging.change(f"it carries out what {supply.name} says in the database")
        if entry.result.effect:
            return judging.Verdict(entry.result.effect, entry.result.why or STDIN_WHY)
        return judging.unknown(STDIN_WHY)
    return in_language(entry.language, supply.text, span, None, judge)


def in_language(
    language: str,
    text: str,
    span: model.Span,
    supply: judging.Supply | None,
    judge: judging.Judge,
) -> judging.Verdict:
    """What a text in that language does; a hole in it stands for a value."""
    if language in {"shell", "argv"}:
        if words.MANY in text:
            return judging.unknown("what it runs is only known when it runs")
        return judge.shell(text.replace(words.HOLE, masking.MASK), span, supply)
    return languages.verdict(language, text)

"""A runbook's own escalation table as a policy: who is told, and how long they are waited for.

What a table leaves unsaid never leaves anybody unpaged: a role that stands for nobody is replaced
by whoever the default policy tells at that point, and somebody is told at once.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

from midwatch.base import lazy
from midwatch.incidents import escalation_times, policy, role_names
from midwatch.runbook import model as runbooks

SEVERITY = lazy.pattern(
    r"(?:p|s|sev|severity|prio|priority)[\s-]*\d\b|critical|high|medium|low|major|minor|warning|info",
    re.IGNORECASE,
)
A_NAME = 5
"""More words than this are a sentence, and name nobody."""
NOBODY = "stands for nobody in [roles]"
When = escalation_times.When


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """Something that Midwatch could not follow, and why."""

    line: int
    words: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """The policy of a runbook, None where its text gives none, and what could not be followed."""

    policy: policy.Policy | None
    told: tuple[Told, ...] = ()


def read(
    runbook: runbooks.Runbook,
    procedure: str,
    names: role_names.Names,
    default: policy.Policy,
) -> Reading:
    """The policy for an incident of that procedure ("" for none), over the default one."""
    told: list[Told] = []
    table = _table(runbook.escalation, names, default, told)
    extra = list(_sentences(runbook, procedure, names, told))
    if not table and not extra:
        return Reading(None, tuple(told))
    base = [*_before(table, default), *(level for _, level in table)] or list(default.levels)
    levels = [*base, *(level for _, level in extra)]
    lines = sorted({line for line, _ in (*table, *extra)})
    where = f"{lines[0]}-{lines[-1]}" if len(lines) > 1 else f"{lines[0]}"
    made = policy.Policy(
        name=runbook.path,
        levels=tuple(sorted(levels, key=lambda level: level.after)),
        repeat_after=default.repeat_after,
        source=f"{runbook.path}:{where}",
    )
    return Reading(made, tuple(told))


def nameless(
    runbook: runbooks.Runbook, names: role_names.Names, default: policy.Policy
) -> tuple[Told, ...]:
    """The words of a runbook's escalation that stand for nobody, in all its procedures."""
    told = {
        each
        for procedure in ("", *(each.id for each in runbook.procedures))
        for each in read(runbook, procedure, names, default).told
        if each.why == NOBODY
    }
    return tuple(sorted(told, key=lambda each: (each.line, each.words)))


def _table(
    levels: Sequence[runbooks.EscalationLevel],
    names: role_names.Names,
    default: policy.Policy,
    told: list[Told],
) -> list[tuple[int, policy.Level]]:
    """The levels of the first table, with the lines they stand on; none where nobody is known."""
    rows = list(_timed(_first_table(levels, told), told))
    if not rows:
        return []
    begins = escalation_times.beginnings(rows, default.repeat_after)
    made: list[tuple[int, policy.Level]] = []
    known = False
    for number, (row, after) in enumerate(zip(rows, begins, strict=True)):
        whom, missing = names.whom(row.level.who)
        known = known or bool(whom)
        told += [Told(row.level.line, word, NOBODY) for word in missing]
        level = policy.Level(after, whom or _instead(default, number), titled(row.level))
        made.append((row.level.line, level))
    return made if known else []


def titled(row: runbooks.EscalationLevel) -> str:
    """What a page calls the level: `level 1 (On-call engineer)`, or whom it is without a name."""
    who, level = row.who.strip(" .:"), row.level
    if not level:
        return who
    return f"{f'level {level}' if level.isdigit() else level} ({who})"


def _first_table(
    levels: Sequence[runbooks.EscalationLevel], told: list[Told]
) -> list[runbooks.EscalationLevel]:
    named = [each for each in levels if each.level and each.who.strip()]
    if named and all(SEVERITY.match(each.level) for each in named):
        why = "a table of severities, not of levels that follow each other"
        told.append(Told(named[0].line, named[0].level, why))
        return []
    first: list[runbooks.EscalationLevel] = []
    for each in named:
        if role_names.plain(each.level) in {role_names.plain(before.level) for before in first}:
            told.append(Told(each.line, each.level, "a second table; the first one counts"))
            break
        first.append(each)
    return first


def _timed(
    levels: Sequence[runbooks.EscalationLevel], told: list[Told]
) -> Iterator[escalation_times.Row]:
    """The rows whose time can be kept; the first one needs none."""
    for number, level in enumerate(levels):
        row = escalation_times.row(level)
        if row.when is not When.CONDITION:
            yield row
        elif number == 0:
            yield dataclasses.replace(row, when=When.UNSAID)
        else:
            words = level.after or level.who
            told.append(Told(level.line, words, "a person judges that, not a clock"))


def _sentences(
    runbook: runbooks.Runbook, procedure: str, names: role_names.Names, told: list[Told]
) -> Iterator[tuple[int, policy.Level]]:
    """What sentences add: `escalate to the DBA if it lasts longer than 10 minutes`."""
    for each in runbook.escalation:
        who = each.who.strip(" .:")
        if each.level or not who or not _concerns(runbook, procedure, each.line):
            continue
        row = escalation_times.row(each)
        judged = row.when in {When.CONDITION, When.UNSAID}
        whom, missing = names.whom(who)
        if whom and judged:
            told.append(Told(each.line, each.after or who, "a person judges that, not a clock"))
        elif whom:
            yield each.line, policy.Level(row.length, whom, who)
        elif not judged and len(who.split()) <= A_NAME:
            told += [Told(each.line, word, NOBODY) for word in missing]


def _concerns(runbook: runbooks.Runbook, procedure: str, line: int) -> bool:
    """Whether a line is about this procedure: it stands within it, or within none."""
    inside = [each for each in runbook.procedures if each.line <= line <= each.end_line]
    return not inside or any(each.id == procedure for each in inside)


def _instead(default: policy.Policy, number: int) -> tuple[str, ...]:
    levels = default.levels or (policy.EVERYBODY,)
    return levels[min(number, len(levels) - 1)].whom


def _before(
    table: Sequence[tuple[int, policy.Level]], default: policy.Policy
) -> Iterator[policy.Level]:
    """Nobody waits for a table that begins late: the default policy's first ones come before it."""
    if table:
        yield from (each for each in default.levels if each.after < table[0][1].after)

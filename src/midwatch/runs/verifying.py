"""Whether what a step printed is what the document says will be seen.

Only what can be decided without guessing is decided. An expectation may say several things at once
("All pods Running, no errors"): one that is broken breaks it, and one that cannot be decided leaves
it to a person, however many of the others hold.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from midwatch.base import shape
from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks
from midwatch.runs import model, seen, thresholds

LONGEST = 200
ASKS = frozenset({"test", "[", "[[", "pgrep", "diff", "cmp", "pg_isready", "nc"})
ASKING = frozenset({"systemctl is-active", "systemctl is-enabled", "systemctl is-failed"})
"""What is run for its exit status: in a verification any but 0 says no."""
QUIET = re.compile(r"\bgrep\b[^|;&\n]*\s(?:-[a-zA-Z]*q[a-zA-Z]*|--quiet|--silent)\b")
CLAUSE = re.compile(r"\s*(?:[,;]\s+(?:and\s+)?|\.\s+|\n)\s*")


@shape.frozen
class Holds:
    """It is as the document says."""

    expected: str


@shape.frozen
class Fails:
    """It is not, and this was seen instead."""

    expected: str
    got: str


@shape.frozen
class NotCheckable:
    """A person must look; nothing here says that it holds."""

    expected: str


Answer: TypeAlias = Holds | Fails | NotCheckable
Check = Callable[[str, str], Answer | None]
"""What is expected and what was printed in; None where it is about something else."""


def is_checked(step: model.PlannedStep) -> bool:
    """Whether the end of the step is compared with what the document says."""
    return step.carrier is model.Carrier.SHELL and (verifies(step) or bool(step.expected))


def is_judged(step: model.PlannedStep, *, good: bool) -> bool:
    """Whether this end of the step is; one that failed is, where seeing that is its purpose."""
    return is_checked(step) and (good or verifies(step))


def verifies(step: model.PlannedStep) -> bool:
    """Whether the step is there to see that all is well again."""
    return step.phase == runbooks.Phase.VERIFY


def counts(step: model.PlannedStep) -> bool:
    """Whether the run has failed where it does not hold; what a diagnosis finds is no failure."""
    return step.phase != runbooks.Phase.DIAGNOSE


def repeats(step: model.PlannedStep) -> bool:
    """Whether it may be tried until it holds."""
    return counts(step) and step.effect is commands.Effect.READ


def decide(step: model.PlannedStep, code: int, output: str) -> Answer | None:
    """What the end of the step says; None where nothing was expected of it."""
    if code != 0 and code not in step.fine_exits:
        return Fails("exit 0", f"exit {code}{_last(output)}")
    if not step.expected:
        return _status(step, code)
    answers = [expectation(text, output, text in step.outputs) for text in step.expected]
    return worst(answers)


def _status(step: model.PlannedStep, code: int) -> Answer | None:
    """What an exit code says that is an answer: `grep -q` found nothing."""
    asks = bool(ASKS & set(step.tools) or ASKING & set(step.tools) or QUIET.search(step.text))
    if code == 0:
        return Holds("exit 0") if asks else None
    if asks:
        return Fails("exit 0", f"exit {code}: {step.fine_exits[code]}")
    return NotCheckable(f"that it is well that {step.fine_exits[code]}")


def worst(answers: Sequence[Answer]) -> Answer:
    """Of several answers the one that decides."""
    for kind in (Fails, NotCheckable):
        found = [each for each in answers if isinstance(each, kind)]
        if found:
            return dataclasses.replace(found[0], expected=_joined(found))
    return Holds(_joined(answers))


def _joined(answers: Sequence[Answer]) -> str:
    return _brief(", ".join(dict.fromkeys(each.expected for each in answers)))


def expectation(text: str, output: str, literal: bool = False) -> Answer:  # noqa: FBT001, FBT002
    """What the output says of one expectation."""
    wanted = seen.plain(text)
    if seen.same(wanted, output):
        return Holds(_brief(wanted))
    if literal and "\n" not in wanted:
        return Fails(_brief(wanted), got(output))
    whole = _clause(wanted, output)
    if not isinstance(whole, NotCheckable):
        return whole
    parts = [part for part in CLAUSE.split(wanted) if part.strip()]
    return worst([_clause(part, output) for part in parts]) if len(parts) > 1 else whole


def _clause(wanted: str, output: str) -> Answer:
    wanted = wanted.strip().rstrip(".!").strip()
    for check in CHECKS:
        answer = check(wanted, output)
        if answer is not None:
            return answer
    return NotCheckable(_brief(wanted))


WORD = re.compile(r"[A-Za-z0-9][\w./:+-]*|\"[^\"\n]+\"|`[^`\n]+`")
SUBJECT = re.compile(
    r"(?:(?:you|it|this|output|result|response|value|command|status)\s+)?"
    r"(?:(?:should|must|will)\s+(?:now\s+)?)?"
    r"(?:be|is|are|see|say|show|return|print|output|report|respond(?:\s+with)?|returns|shows|says)\s+",
    re.IGNORECASE,
)
VAGUE = frozenset({"yes", "success", "successful", "normal", "nothing", "none", "stable", "green"})


def _word(wanted: str, output: str) -> Answer | None:
    """One word is what is printed: `PONG`, `active`, `"ok"`."""
    bare = SUBJECT.sub("", wanted, count=1) if SUBJECT.match(wanted) else wanted
    if not WORD.fullmatch(bare):
        return None
    word = bare.strip('"`')
    lines = seen.lines(output)
    if any(line.lower() == word.lower() for line in lines):
        return Holds(word)
    if word.lower() in VAGUE or seen.state(word):
        return None
    if len(lines) <= 1 and (not lines or len(lines[0].split()) == 1):
        return Fails(word, got(output))
    said = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", output, re.IGNORECASE)
    exact = word.isupper() or word.isdigit() or bare != word
    return Fails(word, got(output)) if exact and not said else NotCheckable(word)


def _http(wanted: str, output: str) -> Answer | None:
    """`HTTP 200`, `200 OK`: by the status line, or a code alone."""
    match = re.fullmatch(
        r"(?:.*?\b(?:HTTP(?:/[\d.]+)?|status(?: code)?|returns?|response)\b\W*)?"
        r"\b([1-5]\d\d)(?:\s+OK)?(?:\s+(?:responses?|status(?: code)?))?",
        wanted,
        re.IGNORECASE,
    )
    if match is None or not re.search(r"[A-Za-z]", wanted):
        return None
    codes = seen.http_codes(output)
    if not codes:
        return Fails(wanted, got(output)) if not seen.lines(output) else NotCheckable(wanted)
    return Holds(wanted) if codes[-1] == match[1] else Fails(wanted, f"HTTP {codes[-1]}")


STATE = re.compile(
    r"(?P<who>(?:all|every|each)\s+(?:of\s+)?(?:the\s+)?(?:[\w-]+\s+){0,3}?|(?:the\s+)?(?:[\w-]+\s+){0,2}?)"
    r"(?:(?:should|must|will)\s+(?:all\s+|now\s+)?(?:be|show)\s+|(?:is|are)\s+(?:now\s+)?|in\s+|show(?:s|ing)?\s+){0,2}"
    r"[\"`']?(?P<state>running|ready|healthy|active|bound|up|completed?)[\"`']?"
    r"(?:\s+and\s+[\"`']?(?P<also>running|ready|healthy)[\"`']?)?(?:\s+(?:state|status))?",
    re.IGNORECASE,
)
EVERY = re.compile(r"(?:all|every|each)\b|.*s\s*$", re.IGNORECASE)


def _state(wanted: str, output: str) -> Answer | None:
    """“All pods Running”: every row of the table says so."""
    match = STATE.fullmatch(wanted)
    if match is None:
        return None
    states = [each.lower() for each in (match["state"], match["also"]) if each]
    rows = seen.rows(output)
    if rows is None:
        return _health(wanted, states, output)
    if not rows:
        return Fails(wanted, got(output))
    if any(seen.says(row, state) is None for row in rows for state in states):
        return NotCheckable(wanted)
    wrong = [row for row in rows if not all(seen.says(row, state) for state in states)]
    if not wrong:
        return Holds(wanted)
    only_done = all(row.state.lower() == "completed" for row in wrong)
    one_of_many = len(wrong) < len(rows) and not EVERY.match(match["who"])
    if only_done or one_of_many:
        return NotCheckable(wanted)
    shown = dict.fromkeys(row.told for row in wrong)
    return Fails(wanted, _brief(", ".join(shown)))


def _health(wanted: str, states: Sequence[str], output: str) -> Answer:
    """Without a table only a bare word says it: `healthy`, `{"status":"healthy"}`."""
    if states == ["healthy"]:
        if re.search(r"\b(?:unhealthy|not healthy|degraded)\b", output, re.IGNORECASE):
            return Fails(wanted, got(output))
        if len(seen.lines(output)) == 1 and re.search(r"\bhealthy\b", output, re.IGNORECASE):
            return Holds(wanted)
    lines = seen.lines(output)
    if len(lines) == 1 and len(lines[0].split()) == 1 and len(states) == 1:
        value = lines[0].strip("\"'").lower()
        if value == states[0]:
            return Holds(wanted)
        if value in seen.STATES or value.startswith(("in", "fail")):
            return Fails(wanted, got(output))
    return Fails(wanted, "nothing was printed") if not lines else NotCheckable(wanted)


TIMES = frozenset({"s", "sec", "seconds", "minutes", "min", "hours", "days", "minute", "hour"})
NONE = re.compile(
    r"(?:no|zero|0)\s+(?P<what>[\w -]+?)(?:\s+(?:is|are)\s+(?:left|found|shown))?", re.IGNORECASE
)
COUNT = re.compile(r"(?:exactly\s+)?(?P<number>\d+)\s+(?P<what>[a-z][\w -]*)", re.IGNORECASE)


def _count(wanted: str, output: str) -> Answer | None:
    """“0 errors”, “3 rows”, “no messages left”: where one number is printed, or nothing at all."""
    none, some = NONE.fullmatch(wanted), COUNT.fullmatch(wanted)
    if none is None and some is None:
        return None
    if some is not None and some["what"].lower() in TIMES:
        return None
    number = 0.0 if none or some is None else float(some["number"])
    value = seen.number(output)
    if value is None:
        if number == 0 and not seen.lines(output):
            return Holds(wanted)
        return NotCheckable(wanted)
    return Holds(wanted) if value == number else Fails(wanted, got(output))


def _threshold(wanted: str, output: str) -> Answer | None:
    """“less than 100”: where one number is printed."""
    limit = thresholds.find(wanted)
    if limit is None:
        return None
    value, unit = seen.number(output), seen.unit(output)
    if value is None or unit != limit.unit:
        return NotCheckable(wanted)
    held = limit.holds(value * thresholds.UNITS[unit])
    return Holds(wanted) if held else Fails(wanted, got(output))


CHECKS: tuple[Check, ...] = (_http, _state, _threshold, _count, _word)


def got(output: str) -> str:
    """What was printed, as briefly as it can be told."""
    lines = seen.lines(output)
    if not lines:
        return "nothing was printed"
    told = lines[-1] if len(lines) == 1 else f"{len(lines)} lines, the last: {lines[-1]}"
    return _brief(told)


def _last(output: str) -> str:
    lines = seen.lines(output)
    return f": {_brief(lines[-1])}" if lines else ""


def _brief(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= LONGEST else f"{one[: LONGEST - 1]}…"

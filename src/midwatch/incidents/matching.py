"""From an alert to the procedure for it: by its link, its name, its symptoms; and always why.

What is sure is chosen. What only may be meant is offered, and a person chooses.
"""

from __future__ import annotations

import dataclasses
import re
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence

from midwatch.alerts import model
from midwatch.incidents import severity as severities
from midwatch.runbook import model as runbooks

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
EMPTY = frozenset(
    {"a", "an", "and", "alert", "alerts", "are", "at", "by", "critical", "for", "from", "has", "in"}
    | {"is", "issue", "issues", "its", "of", "on", "or", "the", "to", "too", "warning", "with"}
)
OFFERED = 3
TASKS = 20
ALIKE = 0.5
"""Share of common words from which a procedure is worth offering."""
PAGE_ENDINGS = (".md", ".markdown", ".html", ".htm")


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """The procedure for an alert, or several that a person chooses from, and why."""

    runbook: str = ""
    procedure: str = ""
    title: str = ""
    severity: str = ""
    """As the runbook's own words have it; empty where they say nothing."""
    why: str = "no procedure is for it"
    offered: tuple[str, ...] = ()
    """RUNBOOK#PROCEDURE, the likeliest first."""
    inputs: tuple[tuple[str, str], ...] = ()
    """What the link and the labels say of the procedure's inputs."""
    tasks: tuple[str, ...] = ()
    """What its check lists leave to people: whom to tell, what keeps it from coming back."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Place:
    runbook: runbooks.Runbook
    procedure: runbooks.Procedure

    @property
    def address(self) -> str:
        return f"{self.runbook.path}#{self.procedure.id}"


def match(alert: model.Alert, library: Sequence[runbooks.Runbook]) -> Found:
    """The procedure that the alert calls for."""
    linked = _by_link(alert, library)
    if linked is not None:
        return linked
    found = _by_name(alert, library, "") or _by_words(alert, library, "")
    return found if found.procedure else _listed(found, alert, library)


def _listed(found: Found, alert: model.Alert, library: Sequence[runbooks.Runbook]) -> Found:
    """With the one runbook whose alerts hold it: how bad it is and whom to tell stand there."""
    wanted = _words(alert.name)
    rows = [(book, rule) for book in library for rule in book.rules if _words(rule.name) == wanted]
    if not wanted or len({book.path for book, _ in rows}) != 1:
        return found
    book, first = rows[0]
    why = f"{found.why}; {book.path} lists it on line {first.line}, without a procedure"
    said = _severity([rule for _, rule in rows])
    return dataclasses.replace(found, runbook=book.path, severity=said, why=why)


def _severity(rules: Sequence[runbooks.Rule]) -> str:
    """What the rules say of how bad it is; all of it, where they differ."""
    said = list(dict.fromkeys(each.severity for each in rules if each.severity))
    if len(said) < 2:  # noqa: PLR2004  (one, or none)
        return said[0] if said else ""
    return " / ".join(dict.fromkeys(severities.level(each) for each in said))


def _by_link(alert: model.Alert, library: Sequence[runbooks.Runbook]) -> Found | None:
    """What `runbook_url` names; a link that leads to no runbook of ours says so."""
    url = alert.runbook_url
    if not url:
        return None
    parts = urllib.parse.urlsplit(url)
    meant = _runbook_of(urllib.parse.unquote(parts.path), library)
    if meant is None:
        found = _by_name(alert, library, "") or _by_words(alert, library, "")
        return dataclasses.replace(found, why=f"{found.why}; {url} is none of our runbooks")
    query = dict(urllib.parse.parse_qsl(parts.query))
    anchor = urllib.parse.unquote(parts.fragment)
    if anchor:
        place = _of_anchor(meant, anchor)
        if place is not None:
            return _chosen(place, alert, "its runbook_url leads there", query)
    note = f"its runbook_url leads to {meant.path}"
    if anchor:
        note += f", which has no #{anchor}"
    if len(meant.procedures) == 1:
        only = _Place(meant, meant.procedures[0])
        return _chosen(only, alert, f"{note}, which holds this one procedure", query)
    return _by_name(alert, (meant,), note) or _by_words(alert, (meant,), note)


def _runbook_of(path: str, library: Sequence[runbooks.Runbook]) -> runbooks.Runbook | None:
    """The runbook whose path ends as the link's does; the longer the common end, the better."""
    wanted = _parts(path)
    scored = [(_common_end(wanted, _parts(each.path)), each) for each in library]
    best = max((score for score, _ in scored), default=0)
    found = [each for score, each in scored if score == best]
    return found[0] if best and len(found) == 1 else None


def _parts(path: str) -> list[str]:
    parts = [each.lower() for each in path.replace("\\", "/").split("/") if each not in {"", "."}]
    if parts:
        for ending in PAGE_ENDINGS:
            parts[-1] = parts[-1].removesuffix(ending)
    if len(parts) > 1 and parts[-1] in {"readme", "index"}:
        parts.pop()
    return parts


def _common_end(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count


def _of_anchor(runbook: runbooks.Runbook, anchor: str) -> _Place | None:
    """The procedure at that heading, the one it lies in, or the only one below it."""
    wanted = anchor.lower()
    for each in runbook.procedures:
        if each.id.lower() == wanted:
            return _Place(runbook, each)
    headings = [each for each in runbook.headings if each.anchor.lower() == wanted]
    if not headings:
        return None
    line = headings[0].line
    around = [each for each in runbook.procedures if each.line <= line <= each.end_line]
    if around:
        return _Place(runbook, max(around, key=lambda each: each.line))
    below = [each for each in runbook.procedures if headings[0].title in each.heading_path]
    return _Place(runbook, below[0]) if len(below) == 1 else None


def _by_name(alert: model.Alert, library: Sequence[runbooks.Runbook], note: str) -> Found | None:
    """A rule, a procedure or a file that has the alert's own name."""
    wanted = _words(alert.name)
    named = list(_named(wanted, library))
    if not named:
        return None
    places = list(dict.fromkeys(place.address for place, _ in named))
    why = _joined(note, named[0][1])
    if len(places) == 1:
        return _chosen(named[0][0], alert, why, {})
    return Found(why=f"{why}, and so do others", offered=tuple(places[:OFFERED]))


def _named(
    wanted: tuple[str, ...], library: Sequence[runbooks.Runbook]
) -> Iterator[tuple[_Place, str]]:
    for runbook in library:
        by_id = {each.id: each for each in runbook.procedures}
        for rule in runbook.rules:
            if rule.procedure in by_id and _words(rule.name) == wanted:
                place = _Place(runbook, by_id[rule.procedure])
                yield place, f"the rule on line {rule.line} of {runbook.path} has its name"
        for each in runbook.procedures:
            if _words(each.title) == wanted or _words(each.id) == wanted:
                yield _Place(runbook, each), f"{runbook.path} has a procedure of its name"
        stem = _parts(runbook.path)[-1:] or [""]
        if len(runbook.procedures) == 1 and _plain(_words(stem[0])) == _plain(wanted):
            yield _Place(runbook, runbook.procedures[0]), f"{runbook.path} has its name"


def _by_words(alert: model.Alert, library: Sequence[runbooks.Runbook], note: str) -> Found:
    """Titles and symptoms with the same words: chosen only where all words agree, and once."""
    said = frozenset(_words(alert.name)) - EMPTY
    wider = said | (frozenset(_words(alert.summary)) - EMPTY)
    scored: list[tuple[float, _Place]] = []
    sure: list[_Place] = []
    for runbook in library:
        for each in runbook.procedures:
            title = frozenset(_words(each.title)) - EMPTY
            if title and (title <= said or said <= title) and len(title & said) > 1:
                sure.append(_Place(runbook, each))
            scored.append((_score(wider, title, each), _Place(runbook, each)))
    if len(sure) == 1:
        return _chosen(sure[0], alert, _joined(note, "its title has the same words"), {})
    likely = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    offered = [place.address for place in sure] or [place.address for _, place in likely]
    if not offered:
        return Found(why=_joined(note, "no procedure has its name or its words"))
    return Found(
        why=_joined(note, "these have some of its words"), offered=tuple(offered[:OFFERED])
    )


def _score(said: frozenset[str], title: frozenset[str], procedure: runbooks.Procedure) -> float:
    """The share of a title's or a symptom's words that the alert has as well."""
    texts = [title, *(frozenset(_words(each)) - EMPTY for each in procedure.symptoms)]
    return max((len(said & text) / len(text) for text in texts if text), default=0.0)


def _chosen(place: _Place, alert: model.Alert, why: str, given: Mapping[str, str]) -> Found:
    procedure = place.procedure
    rules = [each for each in place.runbook.rules if each.procedure == procedure.id]
    own = [each for each in place.runbook.rules if _words(each.name) == _words(alert.name)]
    return Found(
        runbook=place.runbook.path,
        procedure=procedure.id,
        title=procedure.title,
        severity=_severity(own or rules) or procedure.severity or "",
        why=why,
        inputs=tuple(inputs(procedure, alert.labels, given).items()),
        tasks=tuple(_tasks(procedure)),
    )


def _tasks(procedure: runbooks.Procedure) -> list[str]:
    """The steps for a person that are no part of healing."""
    later = (runbooks.Phase.COMMUNICATE, runbooks.Phase.PREVENT)
    found = [
        step.text.strip().partition("\n")[0]
        for step in procedure.steps
        if step.kind is runbooks.Kind.MANUAL and step.phase in later
    ]
    return found[:TASKS]


def inputs(
    procedure: runbooks.Procedure, labels: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Values for the procedure's inputs: from the link, else from a label of the same name."""
    by_words = {_plain(_words(name)): value for name, value in labels.items()}
    found = {}
    for step in procedure.steps:
        for wanted in step.inputs:
            plain = _plain(_words(wanted.name))
            value = given.get(wanted.name) or by_words.get(plain)
            value = value or by_words.get(plain.removesuffix("name"))
            if value and not wanted.secret:
                found[wanted.name] = value
    return found


def _words(text: str) -> tuple[str, ...]:
    """The words of a name or a sentence, in lower case: `KafkaConsumerLag` has three."""
    return tuple(each.lower() for each in WORD.findall(text))


def _plain(words: tuple[str, ...]) -> str:
    return "".join(words)


def _joined(note: str, why: str) -> str:
    return f"{note}; {why}" if note else why

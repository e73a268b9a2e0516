"""Every rule against its cases in `tests/cases/checks`; the README there says how to write one."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from midwatch.app import schedule_gaps, watch_settings
from midwatch.checks import judging, model, registry, rule_files, selection
from midwatch.incidents import policy, role_names, runbook_policy
from midwatch.oncall import directory
from midwatch.oncall import model as oncall
from midwatch.runbook import model as runbooks
from midwatch.runbook import reading

FOLDER = Path(__file__).parents[2] / "cases" / "checks"
HEAD = re.compile(r"^<!-- case: (?P<head>.*?)-->\n", re.DOTALL | re.MULTILINE)


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """One document and what a rule must say about it."""

    rule: str
    title: str
    document: str
    finds: tuple[str, ...]
    severity: str | None
    files: frozenset[str]
    beside: dict[str, str]
    alerts: str
    unproven: tuple[str, ...]
    roles: tuple[str, ...]
    hours: tuple[str, ...]


KEYS = {"finds", "severity", "exists", "beside", "alerts", "unproven", "role", "hours"}
MONDAY = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


def read_all() -> list[Case]:
    return [case for path in sorted(FOLDER.glob("*/*.md")) for case in read(path)]


def read(path: Path) -> Iterator[Case]:
    text = path.read_text(encoding="utf-8")
    heads = list(HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        title, *entries = head["head"].strip().splitlines()
        values: dict[str, list[str]] = {}
        for entry in entries:
            key, _, value = entry.partition(":")
            values.setdefault(key.strip(), []).append(value.strip())
        unknown = set(values) - KEYS
        assert not unknown, f"{path}: {title}: unknown {unknown}"
        yield Case(
            rule=f"{path.parent.name}/{path.stem}",
            title=title.strip(),
            document=text[head.end() : end],
            finds=tuple(values.get("finds", ())),
            severity=next(iter(values.get("severity", ())), None),
            files=frozenset(values.get("exists", ())),
            beside=dict(map(named, values.get("beside", ()))),
            alerts=next(iter(values.get("alerts", ())), ""),
            unproven=tuple(values.get("unproven", ())),
            roles=tuple(values.get("role", ())),
            hours=tuple(values.get("hours", ())),
        )


def named(entry: str) -> tuple[str, str]:
    """The name of a file and what stands in it."""
    name, _, text = entry.partition(":")
    return name.strip(), text.strip().replace("\\n", "\n")


def findings(case: Case, rule: model.Rule) -> list[model.Finding]:
    runbook = every_document()[case.document]
    lines = tuple(case.document.splitlines())
    subject = model.Subject(runbook, case.document, lines, case.files.__contains__, case.beside.get)
    chosen = selection.Selection()
    if rule.check is not None:
        return judging.judge(subject, [rule], chosen)
    collection = model.Collection(
        (model.outline(runbook),),
        rule_files.read(case.alerts, "alerts.yml"),
        tuple(unproven(case, runbook)),
        tuple(nameless(case, runbook)),
        tuple(unreached(case, runbook)),
    )
    return judging.judge_all(collection, [rule], chosen)


def unproven(case: Case, runbook: runbooks.Runbook) -> Iterator[model.Unproven]:
    """`id: why`, for the procedure of that id."""
    for procedure in runbook.procedures:
        for told in case.unproven:
            name, _, why = told.partition(":")
            if name == procedure.id:
                yield model.Unproven(runbook.path, procedure.line, procedure.title, why.strip())


def nameless(case: Case, runbook: runbooks.Runbook) -> Iterator[model.Nameless]:
    """What stands for nobody, where only the roles of the case are known."""
    if case.roles:
        names = role_names.Names(directory.Directory(), dict.fromkeys(case.roles, ("everyone",)))
        for told in runbook_policy.nameless(runbook, names, policy.Policy("default")):
            yield model.Nameless(runbook.path, told.line, told.words)


def unreached(case: Case, runbook: runbooks.Runbook) -> Iterator[model.Unreached]:
    """`8-18 Role`: a role of that name has somebody on call between these hours of each day."""
    schedules, roles = {}, {}
    for hours, role in (entry.split(" ", 1) for entry in case.hours):
        begins, ends = map(int, hours.split("-"))
        window = (60 * begins, 60 * ends) if ends - begins < 24 else None
        rotation = oncall.Rotation(("ana",), MONDAY, window=window)
        schedules[role] = oncall.Schedule(role, rotations=(rotation,))
        roles[role] = (f"schedule:{role}",)
    person = oncall.Person("ana", "Ana", (oncall.Way("email", "ana@example.org"),))
    known = directory.Directory({"ana": person}, schedules)
    if roles:
        watch = watch_settings.Watch(directory=known, roles=roles)
        yield from schedule_gaps.in_runbook(runbook.path, runbook, watch, MONDAY)


def example(text: str) -> str:
    """The document that a rule's page shows a part of."""
    return f"# Parcel sorter\n\n{text}"


@functools.cache
def every_document() -> dict[str, runbooks.Runbook]:
    """Every document in here, read together: one shell parser serves them all."""
    examples = [example(text) for r in registry.RULES for text in (r.example.bad, r.example.good)]
    documents = list(dict.fromkeys([*(case.document for case in ALL), *examples]))
    read = reading.read_many([("runbook.md", text.encode()) for text in documents])
    return dict(zip(documents, read, strict=True))


ALL = read_all()
DOCUMENT_RULES = [rule for rule in registry.RULES if rule.check is not None]


@pytest.mark.parametrize("case", ALL, ids=[f"{case.rule}: {case.title}" for case in ALL])
def test_a_case_finds_what_it_says_and_nothing_else(case: Case) -> None:
    found = findings(case, registry.find(case.rule))

    lines = case.document.splitlines()
    told = [lines[f.line - 1] if f.path == "runbook.md" else f.message for f in found]
    assert len(told) == len(case.finds), told
    for line, expected in zip(told, case.finds, strict=True):
        assert expected in line
    assert {f.severity for f in found} <= {case.severity or f.severity for f in found}


@pytest.mark.parametrize("rule", registry.RULES, ids=[rule.id for rule in registry.RULES])
def test_a_rule_has_two_faulty_cases_and_a_clean_one(rule: model.Rule) -> None:
    counts = Counter(bool(case.finds) for case in ALL if case.rule == rule.id)

    assert counts[True] >= 2
    assert counts[False] >= 1


@pytest.mark.parametrize("rule", registry.RULES, ids=[rule.id for rule in registry.RULES])
def test_a_rule_says_what_why_and_what_to_do(rule: model.Rule) -> None:
    for text in (rule.summary, rule.why, rule.fix):
        assert text
        assert text[-1] in ".`"
    assert rule.example.bad
    assert rule.example.good


def test_a_rule_is_named_as_its_file() -> None:
    for rule in registry.RULES:
        check = rule.check or rule.check_all
        assert check is not None
        area, name = check.__module__.split(".")[-2:]
        assert rule.id == f"{area}/{name.replace('_', '-')}"


def test_no_two_rules_share_an_id() -> None:
    assert max(Counter(rule.id for rule in registry.RULES).values()) == 1


@pytest.mark.parametrize("rule", DOCUMENT_RULES, ids=[rule.id for rule in DOCUMENT_RULES])
def test_the_example_on_a_rules_page_has_the_fault_and_its_cure_has_not(rule: model.Rule) -> None:
    def found(text: str, *, exists: bool) -> list[model.Finding]:
        document = example(text)
        runbook = every_document()[document]
        lines = tuple(document.split("\n"))
        subject = model.Subject(runbook, document, lines, lambda _: exists)
        return judging.judge(subject, [rule], selection.Selection())

    assert found(rule.example.bad, exists=False)
    assert found(rule.example.good, exists=True) == []

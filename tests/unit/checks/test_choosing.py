"""Which findings a team hears: settings, comments, baselines."""

from __future__ import annotations

import dataclasses

import pytest

from midwatch.base import errors
from midwatch.checks import baseline, fingerprints, judging, model, selection, settings, suppression
from midwatch.runbook import model as runbooks


def says(*lines: int, id_: str = "safety/loud") -> model.Rule:
    def check(_: model.Subject) -> list[model.Hit]:
        return [model.Hit(line, f"Line {line} is loud.") for line in lines]

    example = model.Example("loud", "quiet")
    return model.Rule(id_, model.Severity.WARNING, "Loud.", "Why.", "Fix.", example, check)


def subject(text: str, path: str = "ops/desk.md") -> model.Subject:
    return model.Subject(runbooks.Runbook(path, "Desk", ""), text, tuple(text.split("\n")))


def lines(text: str, *rules: model.Rule, chosen: selection.Selection | None = None) -> list[int]:
    found = judging.judge(subject(text), rules, chosen or selection.Selection())
    return [finding.line for finding in found]


def test_a_comment_silences_its_own_line_and_the_next_one_that_is_not_blank() -> None:
    text = "a\n<!-- midwatch: ignore safety/loud -- drilled weekly -->\n\nb\nc"

    assert lines(text, says(1, 2, 4, 5)) == [1, 5]


def test_a_comment_before_a_block_silences_the_whole_block() -> None:
    text = "<!-- midwatch: ignore safety -->\n```bash\na\nb\n```\nc"

    assert lines(text, says(3, 4, 6)) == [6]


def test_a_comment_silences_only_the_rules_it_names() -> None:
    text = "<!-- midwatch: ignore shell/other, meaning/* -->\na"

    assert lines(text, says(2)) == [2]


def test_ignore_file_silences_a_rule_everywhere() -> None:
    text = "a\nb\n<!-- midwatch: ignore-file safety/loud -- a museum piece -->"

    assert lines(text, says(1, 2)) == []


def test_settings_choose_rules_by_id_area_and_path() -> None:
    table: dict[str, object] = {
        "select": ["safety", "shell/other"],
        "ignore": ["safety/quiet"],
        "fail-on": "warning",
        "severity": {"safety/loud": "info"},
        "per-path": [{"paths": ["archive/*"], "ignore": ["all"]}],
    }

    read = settings.read(table, "midwatch.toml")

    assert read.fail_on is model.Severity.WARNING
    assert read.selection.wants("safety/loud", "ops/desk.md")
    assert not read.selection.wants("safety/quiet", "ops/desk.md")
    assert not read.selection.wants("meaning/any", "ops/desk.md")
    assert not read.selection.wants("safety/loud", "archive/old.md")
    found = judging.judge(subject("a"), [says(1)], read.selection)
    assert [finding.severity for finding in found] == [model.Severity.INFO]


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"selects": []}, "selects"),
        ({"fail-on": "loud"}, "loud"),
        ({"ignore": [3]}, "ignore"),
        ({"severity": ["error"]}, "severity"),
        ({"per-path": {"paths": []}}, "per-path"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_by_name(
    table: dict[str, object], named: str
) -> None:
    with pytest.raises(errors.UserError, match=named):
        settings.read(table, "midwatch.toml")


def test_a_fingerprint_survives_when_lines_move_and_changes_with_the_line() -> None:
    before = judging.judge(subject("x\nloud"), [says(2)], selection.Selection())
    moved = judging.judge(subject("x\n\n\n  loud"), [says(4)], selection.Selection())
    other = judging.judge(subject("x\nlouder"), [says(2)], selection.Selection())

    assert before[0].fingerprint == moved[0].fingerprint
    assert before[0].fingerprint != other[0].fingerprint


def test_two_equal_lines_have_two_fingerprints() -> None:
    found = judging.judge(subject("loud\nloud"), [says(1, 2)], selection.Selection())

    assert len({finding.fingerprint for finding in found}) == 2


def test_a_baseline_holds_back_what_it_knows_and_nothing_else() -> None:
    old = judging.judge(subject("loud"), [says(1)], selection.Selection())
    now = judging.judge(subject("new\nloud"), [says(1, 2)], selection.Selection())

    known = baseline.load(baseline.dump(old), "baseline.json")

    assert [finding.line for finding in baseline.new(now, known)] == [1]


def test_a_file_that_is_no_baseline_is_refused_by_name() -> None:
    with pytest.raises(errors.UserError, match=r"notes\.json is not a baseline"):
        baseline.load("[]", "notes.json")


def test_the_same_finding_is_told_once() -> None:
    assert lines("a", says(1, 1)) == [1]


def test_numbering_keeps_the_order() -> None:
    found = judging.judge(subject("a\nb"), [says(2, 1)], selection.Selection())

    assert fingerprints.number([dataclasses.replace(f, fingerprint="") for f in found]) == found


def test_a_silence_keeps_its_reason() -> None:
    [silence] = suppression.read(["<!-- midwatch: ignore safety/loud -- drilled weekly -->"])

    assert silence.reason == "drilled weekly"

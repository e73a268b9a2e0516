"""GitHub annotations as the Actions runner reads them, and JUnit XML as Jenkins and GitLab do."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from midwatch.checks import model
from midwatch.checks.reports import github, junit
from midwatch.checks.reports import model as reports

JUNIT = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "checks" / "junit.toml").read_text(encoding="utf-8")
)
HOSTILE = (
    "plain",
    "100 % of it",
    "two\nlines\r\nand a return",
    "::error file=x.md,line=1::forged",
    "a,b:c=d%0Ae%25",
    '<tag> & "quotes" \x07 \x1b[31m ]]>',
    "✅ ünïcode 中文",
    "\udcff\ufffe",
)
COMMAND = re.compile(
    r"::(?P<name>error|warning|notice) (?P<properties>[^\n]*?)::(?P<text>[^\n]*)\n"
)


def finding(**changes: object) -> model.Finding:
    values: dict[str, object] = {
        "rule": "command/unknown-subcommand",
        "severity": model.Severity.ERROR,
        "path": "ops/desk.md",
        "line": 12,
        "column": 9,
        "end_line": 12,
        "end_column": 15,
        "message": "It is wrong.",
        "why": "It hurts.",
        "fix": "Right it.",
    }
    return model.Finding(**{**values, **changes})  # type: ignore[arg-type]


def unescaped(text: str, *, property_: bool) -> str:
    """As `ActionCommand` of the runner reads it: first what is rarer, the per cent sign last."""
    pairs = [("%0D", "\r"), ("%0A", "\n"), *([("%3A", ":"), ("%2C", ",")] if property_ else [])]
    for escaped, plain in (*pairs, ("%25", "%")):
        text = text.replace(escaped, plain)
    return text


def read_by_the_runner(text: str) -> tuple[str, dict[str, str], str]:
    found = COMMAND.fullmatch(text)
    assert found is not None, text
    properties = dict(each.split("=", 1) for each in found["properties"].split(","))
    return (
        found["name"],
        {name: unescaped(value, property_=True) for name, value in properties.items()},
        unescaped(found["text"], property_=False),
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_the_runner_reads_every_annotation_as_it_was_meant(words: str) -> None:
    one = finding(path=f"ops/{words}.md", message=words, why=words, fix="")

    name, properties, text = read_by_the_runner(github.render(reports.Report((one,))))

    assert name == "error"
    assert text == f"{words}\n{words}"
    assert properties == {
        "file": f"ops/{words}.md",
        "line": "12",
        "endLine": "12",
        "title": "command/unknown-subcommand",
        "col": "9",
        "endColumn": "15",
    }


@pytest.mark.parametrize(
    ("severity", "name"),
    [
        (model.Severity.ERROR, "error"),
        (model.Severity.WARNING, "warning"),
        (model.Severity.INFO, "notice"),
    ],
)
def test_each_severity_is_a_kind_of_annotation(severity: model.Severity, name: str) -> None:
    found = read_by_the_runner(github.render(reports.Report((finding(severity=severity),))))

    assert found[0] == name


def test_columns_are_given_for_one_line_only_as_github_wants_it() -> None:
    many = finding(end_line=14, end_column=3)

    _, properties, _ = read_by_the_runner(github.render(reports.Report((many,))))

    assert set(properties) == {"file", "line", "endLine", "title"}


@pytest.mark.parametrize("words", HOSTILE)
def test_junit_holds_to_the_format_whatever_the_words_are(words: str) -> None:
    mild = finding(message=words, severity=model.Severity.INFO)
    report = reports.Report((mild, finding(message=words)), files=("clean.md", f"{words}.md"))
    written = junit.render(report).encode("utf-8")

    root = ET.fromstring(written)  # noqa: S314  (our own text)

    for element in root.iter():
        allowed = JUNIT[element.tag]
        assert set(element.attrib) <= set(allowed["attributes"])
        assert set(allowed.get("required", ())) <= set(element.attrib)
        assert {child.tag for child in element} <= set(allowed["children"])


def test_junit_counts_what_it_holds() -> None:
    report = reports.Report((finding(), finding(line=13, message="b")), files=("clean.md",))

    root = ET.fromstring(junit.render(report))  # noqa: S314  (our own text)

    assert root.attrib["tests"] == str(len(list(root.iter("testcase")))) == "3"
    assert root.attrib["failures"] == str(len(list(root.iter("failure")))) == "2"
    for suite in root:
        assert suite.attrib["tests"] == str(len(suite.findall("testcase")))
        assert suite.attrib["failures"] == str(len(list(suite.iter("failure"))))

"""What people and programs read of a check."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from midwatch.checks import model
from midwatch.checks.reports import github, json_, junit, text
from midwatch.checks.reports import model as reports

PLAIN = text.Style(width=60)


def finding(line: int = 12, **changes: object) -> model.Finding:
    values: dict[str, object] = {
        "rule": "command/unknown-subcommand",
        "severity": model.Severity.ERROR,
        "path": "ops/desk.md",
        "line": line,
        "column": 9,
        "end_line": line,
        "end_column": 15,
        "message": "`kubectl` has no command `rename`.",
        "why": "The step fails after the old secret is gone.",
        "fix": "Create the new one under the old name.",
        "source": "kubectl rename secret desk-next desk",
    }
    return model.Finding(**{**values, **changes})  # type: ignore[arg-type]


def test_text_shows_the_line_a_caret_the_reason_and_the_way_out() -> None:
    shown = text.render(reports.Report((finding(),), files=("ops/desk.md",)), PLAIN)

    assert shown == (
        "ops/desk.md\n"
        "\n"
        "error: command/unknown-subcommand\n"
        "`kubectl` has no command `rename`.\n"
        "  --> ops/desk.md:12:9\n"
        "   |\n"
        "12 | kubectl rename secret desk-next desk\n"
        "   |         ^^^^^^\n"
        "   = why: The step fails after the old secret is gone.\n"
        "   = fix: Create the new one under the old name.\n"
        "\n"
        "1 file read: 1 error.\n"
    )


def test_text_tells_a_reason_once_a_file() -> None:
    report = reports.Report((finding(12), finding(30)), files=("ops/desk.md",))

    assert text.render(report, PLAIN).count("= why:") == 1


def test_text_tells_an_info_in_one_line_after_what_matters_more() -> None:
    mild = finding(3, rule="procedure/no-owner", severity=model.Severity.INFO, message="No owner.")
    shown = text.render(reports.Report((mild, finding()), files=("ops/desk.md",)), PLAIN)

    assert shown.index("error: command/unknown-subcommand") < shown.index("worth a second look:")
    assert "\n  3: No owner. (procedure/no-owner)\n" in shown
    assert shown.count("= why:") == 1


def test_text_names_three_to_begin_with_the_worst_first_and_each_rule_once() -> None:
    mild = [finding(n, rule="procedure/no-owner", severity=model.Severity.INFO) for n in (1, 2)]
    loss = finding(40, rule="safety/unguarded-loss")
    shown = text.render(reports.Report((*mild, finding(12), finding(13), loss)), PLAIN)

    first = shown.partition("Fix these three first:\n")[2].splitlines()
    assert first[0].startswith("  1. ops/desk.md:40 ")
    assert first[1].startswith("  2. ops/desk.md:12 ")
    assert first[2].startswith("  3. ops/desk.md:1 ")


def test_text_never_grows_wider_than_the_page() -> None:
    long = "kubectl get pods " + "-l a=b " * 40 + "| grep oops"
    column = long.index("oops") + 1
    wide = finding(source=long, column=column, end_column=column + 4)

    lines = text.render(reports.Report((wide,)), PLAIN).splitlines()

    assert max(map(len, lines)) <= 60
    number = next(i for i, line in enumerate(lines) if line.startswith("12 | "))
    caret = lines[number + 1].index("^")
    assert lines[number][caret : caret + 4] == "oops"


def test_a_caret_stands_below_a_wide_letter() -> None:
    shown = text.render(reports.Report((finding(source="✅ rename it", column=3),)), PLAIN)

    caret = next(line for line in shown.splitlines() if "^" in line)
    assert caret == "   |    ^^^^^^^^^"


def test_text_is_plain_without_colour_and_coloured_with_it() -> None:
    report = reports.Report((finding(),))

    assert "\x1b" not in text.render(report, PLAIN)
    assert "\x1b[1;31merror\x1b[0m" in text.render(report, text.Style(colour=True))


def test_a_clean_check_says_so() -> None:
    report = reports.Report((), files=("a.md", "b.md"), known=3)

    assert text.render(report, PLAIN) == (
        "2 files read, nothing to say (3 more are in the baseline).\n"
    )


def test_json_is_a_list_of_findings_with_the_documented_keys() -> None:
    assert json.loads(json_.render(reports.Report((finding(),)))) == [
        {
            "rule": "command/unknown-subcommand",
            "severity": "error",
            "path": "ops/desk.md",
            "line": 12,
            "column": 9,
            "end_line": 12,
            "message": "`kubectl` has no command `rename`.",
            "why": "The step fails after the old secret is gone.",
            "fix": "Create the new one under the old name.",
        }
    ]


def test_a_github_annotation_cannot_break_out_of_its_line() -> None:
    odd = finding(path="a,b:c.md", message="50%\nof it", why="", fix="")

    assert github.render(reports.Report((odd,))) == (
        "::error file=a%2Cb%3Ac.md,line=12,endLine=12,title=command/unknown-subcommand,"
        "col=9,endColumn=15::50%25%0Aof it\n"
    )


def test_junit_fails_what_fails_the_check_and_passes_the_rest() -> None:
    mild = finding(1, severity=model.Severity.INFO, message='a "quoted" <tag> & \x07 bell')
    report = reports.Report((mild, finding()), files=("clean.md", "ops/desk.md"))

    root = ET.fromstring(junit.render(report))  # noqa: S314  (our own text)

    assert root.attrib == {"name": "midwatch check", "tests": "3", "failures": "1", "errors": "0"}
    suites = {suite.attrib["name"]: suite for suite in root}
    assert suites["clean.md"][0].attrib["name"] == "clean"
    assert [len(case.findall("failure")) for case in suites["ops/desk.md"]] == [0, 1]

"""Every format a report can be had in."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.checks.reports import github, json_, junit, sarif, text
from midwatch.checks.reports import model as reports

if TYPE_CHECKING:
    from midwatch.checks import registry
else:
    registry = lazy.module("midwatch.checks.registry")


class Format(enum.StrEnum):
    """The formats of `midwatch check --format`."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"


def render(report: reports.Report, wanted: Format, style: text.Style) -> str:
    """The report in the format wanted, in letters that UTF-8 has; the style matters to text."""
    return rendered(report, wanted, style).encode("utf-8", "replace").decode("utf-8")


def rendered(report: reports.Report, wanted: Format, style: text.Style) -> str:
    """The report as its format writes it; a file's name may hold bytes that are no UTF-8."""
    if wanted is Format.JSON:
        return json_.render(report)
    if wanted is Format.SARIF:
        return sarif.render(report, registry.RULES)
    if wanted is Format.GITHUB:
        return github.render(report)
    if wanted is Format.JUNIT:
        return junit.render(report)
    return text.render(report, style)

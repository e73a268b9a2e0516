"""What every report is made from."""

from __future__ import annotations

from midwatch.base import shape
from midwatch.checks import model


@shape.frozen
class Report:
    """The outcome of one check."""

    findings: tuple[model.Finding, ...]
    files: tuple[str, ...] = ()
    """Every file that was read."""
    known: int = 0
    """How many findings the baseline holds back."""
    fail_on: model.Severity = model.Severity.ERROR
    version: str = "0"
    rule_pages: str = ""
    """Where a team reads the pages of docs/rules; nothing where it has not said."""

    @property
    def failing(self) -> tuple[model.Finding, ...]:
        """The findings at or above `--fail-on`."""
        limit = model.RANK[self.fail_on]
        return tuple(f for f in self.findings if model.RANK[f.severity] >= limit)

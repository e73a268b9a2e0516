"""The use case behind `midwatch export rules`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from midwatch.alerts import rule_file
from midwatch.app import documents
from midwatch.base import lazy

if TYPE_CHECKING:
    import yaml
else:
    yaml = lazy.module("yaml")

HEAD = "# Written by `midwatch export rules` from the runbooks; change the runbooks instead.\n"


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """The rule file, how many rules it has, and what was left out and why."""

    text: str
    count: int
    left: tuple[rule_file.Left, ...]


def rules(paths: Sequence[str], base_url: str = "") -> Rules:
    """The alert conditions of these runbooks as a Prometheus rule file."""
    outcomes = rule_file.export([documents.read(path) for path in paths], base_url)
    text = yaml.safe_dump(
        rule_file.document(outcomes), sort_keys=False, allow_unicode=True, width=100
    )
    exported = [each for each in outcomes if isinstance(each, rule_file.Exported)]
    left = tuple(each for each in outcomes if isinstance(each, rule_file.Left))
    return Rules(HEAD + text, len(exported), left)

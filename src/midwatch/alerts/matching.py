"""Label matchers, as Prometheus and Alertmanager write them: `name="value"`, `!=`, `=~`, `!~`."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

from midwatch.base import errors

FORM = re.compile(r'^\s*([A-Za-z_][\w.:-]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|(.*?))\s*$')
LONGEST = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on one label; a label that is not there counts as empty."""

    name: str
    operator: str
    value: str

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether these labels meet it."""
        found = labels.get(self.name, "")
        if self.operator in {"=", "!="}:
            return (found == self.value) is (self.operator == "=")
        meets = re.fullmatch(self.value, found) is not None
        return meets is (self.operator == "=~")

    def __str__(self) -> str:
        """As people write it."""
        return f'{self.name}{self.operator}"{self.value}"'


def parse(text: str) -> Matcher:
    """The matcher that the text says; what is no matcher is told."""
    found = FORM.match(text)
    if found is None or len(text) > LONGEST:
        raise errors.UserError(
            f"“{text[:80]}” is no matcher.", 'Write name="value", !=, =~"regex" or !~.'
        )
    name, operator, quoted, bare = found.groups()
    value = (
        re.sub(r"\\(.)", r"\1", quoted)
        if quoted is not None and operator in {"=", "!="}
        else (quoted if quoted is not None else bare)
    )
    if operator in {"=~", "!~"}:
        _require_pattern(text, value)
    return Matcher(name, operator, value)


def _require_pattern(text: str, value: str) -> None:
    try:
        re.compile(value)
    except re.error as error:
        raise errors.UserError(f"“{text[:80]}” has a regular expression that {error}.") from error


def all_match(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    """Whether the labels meet every one of them."""
    return all(matcher.matches(labels) for matcher in matchers)

"""Secrets that a run comes by itself: in a variable that a step fills, or in what it prints."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping

from midwatch.runs import model, secrets

TRIVIAL = frozenset(
    {
        "true", "false", "none", "null", "nil", "yes", "no", "enabled", "disabled", "default",
        "unknown", "undefined", "secret", "password", "token", "admin", "root", "user",
        "localhost", "string", "opaque",
    }
)  # fmt: skip
"""Values that say nothing, and would mask half of everything."""
SHORTEST_PRINTED = 6
SHORT_NUMBER = re.compile(r"[0-9.:%-]{1,9}")
ENTRY = re.compile(r"""["']?([\w.-]+)["']?\s*[:=]\s*["']?([^"'\s,{}\[\]][^"',]*?)["']?\s*,?\s*$""")
PAIR = re.compile(r'"([\w.-]+)"\s*:\s*"([^"]{4,})"')
DATA = re.compile(r"^(\s*)[\"']?(?:data|stringData)[\"']?\s*:")
PEM = re.compile(r"-----BEGIN [A-Z ]*-----(.*?)-----END", re.DOTALL)
SHORTEST_LINE = 16


def of_variable(name: str, value: str, *, captured: bool) -> bool:
    """Whether a variable that a step filled holds a secret."""
    if len(value) < secrets.SHORTEST or value.lower() in TRIVIAL or SHORT_NUMBER.fullmatch(value):
        return False
    return captured or secrets.is_secret(name, value)


def is_open(value: str, plan: model.Plan) -> bool:
    """Whether anybody can read it anyway: in the document, an input, the plain environment."""
    if value in plan.inputs.values() or value in plan.environment.values():
        return True
    return any(value in step.text for step in plan.steps)


def printed(text: str) -> Iterator[str]:
    """The values in what a step printed that shows a secret, as far as they can be told."""
    lines = text.strip().splitlines()
    if len(lines) == 1:
        yield from _worth([lines[0].strip()])
    yield from _worth(_named(lines))
    for found in PEM.finditer(text):
        yield from (each for each in found[1].split() if len(each) >= SHORTEST_LINE)


def _named(lines: list[str]) -> Iterator[str]:
    """What stands behind a telling name, or in the data of a Kubernetes secret."""
    inside: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if inside is not None and indent <= inside and line.strip():
            inside = None
        for name, value in (*PAIR.findall(line), *ENTRY.findall(line.strip())):
            if inside is not None or secrets.NAME.search(name):
                yield value
        opened = DATA.match(line)
        inside = len(opened[1]) if opened else inside


def _worth(found: Iterable[str]) -> Iterator[str]:
    for value in found:
        long = len(value) >= SHORTEST_PRINTED
        if long and value.lower() not in TRIVIAL and not SHORT_NUMBER.fullmatch(value):
            yield value


def decoded(value: str) -> str | None:
    """What the value is base64 of, where that is text."""
    try:
        text = base64.b64decode(value, validate=True).decode().rstrip("\n")
    except (binascii.Error, ValueError):
        return None
    return text if len(text) >= secrets.SHORTEST and text.isprintable() else None


def found(
    variables: Mapping[str, tuple[str, ...]], plan: model.Plan, captured: frozenset[str]
) -> Iterator[str]:
    """The secrets among the variables that a step set."""
    for name, values in variables.items():
        for value in values:
            known = name in captured
            if of_variable(name, value, captured=known) and (known or not is_open(value, plan)):
                yield value

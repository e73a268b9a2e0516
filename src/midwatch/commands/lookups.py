"""Substitutions that look up names: `$(kubectl get pods -o name)` gives objects, never flags.

The output of any other unquoted substitution may be several words, flags among them.
"""

from __future__ import annotations

from collections.abc import Mapping

from midwatch.base import lazy
from midwatch.commands import syntax

LOOKUPS: Mapping[str, frozenset[str]] = {
    "crictl": frozenset({"ps", "pods"}),
    "docker": frozenset({"ps"}),
    "docker-compose": frozenset({"ps"}),
    "kubectl": frozenset({"get"}),
    "oc": frozenset({"get"}),
    "podman": frozenset({"ps"}),
    "pgrep": frozenset(),
    "pidof": frozenset(),
}
"""Tools that print names which servers gave and checked, and the verb that asks for them."""
PASSING = frozenset({"cut", "grep", "head", "sort", "tail", "uniq"})
"""Filters that print what they were given, or part of it."""
FLAGS = frozenset(
    {
        *("--all-namespaces", "--context", "--field-selector", "--filter", "--format"),
        *("--latest", "--namespace", "--no-headers", "--no-trunc", "--output", "--quiet"),
        *("--running", "--selector", "--services", "--sort-by", "--status"),
    }
)
FILTERING = lazy.pattern(r"-[A-Za-z]{1,3}")
FLAG_IN_FORM = lazy.pattern(r"(?:^|[\s\"'=]|\\[ntr])-")
"""A flag that the form of the output would print: `jsonpath='{"-A"}'`."""


def names_only(part: syntax.Substitution) -> bool:
    """Whether all it can print are names of objects that are there."""
    if len(part.statements) != 1 or part.statements[0].redirections:
        return False
    node = part.statements[0].node
    stages = node.statements if isinstance(node, syntax.Pipeline) else part.statements
    written = [_words(stage) for stage in stages]
    first, *filters = written
    return _looks_up(first) and all(each and each[0] in PASSING for each in filters)


def _looks_up(words: list[str]) -> bool:
    if not words or words[0] not in LOOKUPS:
        return False
    verbs = LOOKUPS[words[0]]
    given = [word for word in words[1:] if not word.startswith("-")]
    if verbs and not verbs.intersection(given[:2]):
        return False
    flags = [word.partition("=") for word in words[1:] if word.startswith("-")]
    if any(name not in FLAGS and not FILTERING.fullmatch(name) for name, _, _ in flags):
        return False
    values = [*given, *(value for _, _, value in flags)]
    return not any(FLAG_IN_FORM.search(value) for value in values)


def _words(statement: syntax.Statement) -> list[str]:
    """The words of a simple command; nothing where there is more to it."""
    node = statement.node
    if not isinstance(node, syntax.Call) or node.assignments:
        return []
    return [
        "".join(part.value if isinstance(part, syntax.Literal) else "\0" for part in word.parts)
        for word in node.words
    ]

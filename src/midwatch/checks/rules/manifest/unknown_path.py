"""A path into a Kubernetes object that leads nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, known, kubernetes_api, kubernetes_paths, model
from midwatch.commands import model as commands

Root = kubernetes_paths.Root
JSONPATH = lazy.pattern(r"^(?:jsonpath(?:-as-json)?)=[\"']?(?P<template>\{.*\})[\"']?$")
WAITS = lazy.pattern(r"^jsonpath=[\"']?(?P<template>\{.*?\})")
COLUMNS = lazy.pattern(r"^custom-columns=(?P<columns>.+)$")
FUSED = lazy.pattern(r"^-o=?(?P<format>(?:jsonpath|custom-columns).*)$")
OPEN = lazy.pattern(r"[$`*{]")
PLAIN = ("string", "integer", "boolean", "bytes", "quantity", "number", "int-or-string")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A `jsonpath`, `custom-columns` or `--sort-by` that the kind it is asked of cannot answer."""
    for tool in ("kubectl", "oc"):
        for found in facts.found(subject, tool):
            if found.command.path in {("get",), ("wait",)}:
                yield from of_command(found)


def of_command(found: facts.Found) -> Iterator[model.Hit]:
    """The dead ends in the paths of one command, each once."""
    command = found.command
    kind, root = asked(command)
    if not kind:
        return
    told = set()
    for template, base in templates(command, root):
        for dead in kubernetes_paths.dead_ends(template, kind, base):
            if dead.path not in told:
                told.add(dead.path)
                yield hits.of_command(found, message(dead, kind), fix=advice(dead))


def asked(command: commands.Command) -> tuple[str, Root]:
    """The type of what a command asks for, and whether it asks for one or for a list."""
    if not command.operands or facts.has_flag(command, "-f", "--filename", "-k", "--kustomize"):
        return "", Root.EITHER
    api = kubernetes_api.load()
    name, slash, _ = command.operands[0].partition("/")
    listed = api.listed(name.lower().removesuffix(".apps")) if "," not in name else ""
    if not listed:
        return "", Root.EITHER
    kind = api.kinds[listed]
    many = len(command.operands) > (1 if slash else 2)
    if facts.has_flag(command, "-l", "--selector", "-A", "--all-namespaces", "--field-selector"):
        return kind, Root.LIST
    if known.open_ended(command) or any(OPEN.search(each) for each in command.operands):
        return kind, Root.EITHER
    alone = len(command.operands) == 1 and not slash
    return kind, Root.LIST if alone or many else Root.OBJECT


def templates(command: commands.Command, root: Root) -> Iterator[tuple[str, Root]]:
    """The JSONPath templates of a command, each with what it is asked of."""
    if command.path == ("wait",):
        waited = WAITS.match(facts.flag(command, "--for") or "")
        if waited:
            yield waited["template"], Root.OBJECT
        return
    for given in formats(command):
        path, columns = JSONPATH.match(given), COLUMNS.match(given)
        if path:
            yield path["template"], root
        for column in columns["columns"].strip("\"'").split(",") if columns else ():
            each = column.partition(":")[2].strip("\"'{}")
            if each and "$" not in each:
                yield f"{{.{each.lstrip('.')}}}", Root.OBJECT
    sort = (facts.flag(command, "--sort-by") or "").strip("\"'{}")
    if sort and "$" not in sort:
        yield f"{{.{sort.lstrip('.')}}}", Root.OBJECT


def formats(command: commands.Command) -> Iterator[str]:
    """What stands behind `-o`."""
    given = facts.flag(command, "-o", "--output")
    if given:
        yield given.replace('\\"', '"')
    for word in facts.words(command):
        fused = FUSED.match(word)
        if fused and not word.startswith("-o="):
            yield fused["format"]


def message(dead: kubernetes_paths.Dead, kind: str) -> str:
    """What is told of a path that leads nowhere."""
    name = kind.rpartition(".")[2]
    if dead.kind == "list":
        return f"The answer is a list, which has no `.{dead.name}`: `{dead.path}` is empty."
    place = f"`{dead.before}` of a {name}" if dead.before else f"a {name}"
    if dead.kind in PLAIN or dead.kind.startswith("="):
        return f"{place} has nothing below it, so `{dead.path}` is empty."
    return f"{place} has no `{dead.name}`, so `{dead.path}` is empty."


def advice(dead: kubernetes_paths.Dead) -> str:
    """What to write instead."""
    if dead.kind == "list":
        return f"Write `.items[*]{dead.path if dead.path.startswith('.') else ''}`."
    if dead.kind in PLAIN:
        last = dead.before.rpartition(".")[2]
        return f"If the name has a dot in it, write `{last}\\.{dead.name}`."
    api = kubernetes_api.load()
    fields = api.fields(dead.kind) if dead.kind in api.types else {}
    near = difflib.get_close_matches(dead.name, fields, n=1, cutoff=0.6)
    return f"Did you mean `{near[0]}`?" if near else ""


RULE = model.Rule(
    id="manifest/unknown-path",
    severity=model.Severity.ERROR,
    summary="A path into a Kubernetes object that leads nowhere.",
    why="`kubectl` prints nothing and succeeds, so that the next command works with an empty name, "
    "and a comparison with it is false for ever.",
    fix="Write a path that the kind has; `kubectl explain pod.status` lists the names.",
    example=model.Example(
        bad="```bash\nkubectl get pod sorter-0 -o jsonpath='{.status.podIp}'\n```\n",
        good="```bash\nkubectl get pod sorter-0 -o jsonpath='{.status.podIP}'\n```\n",
    ),
    check=check,
    doubt="Only kinds of Kubernetes itself are known; a field newer than Midwatch's table looks "
    "the same.",
)

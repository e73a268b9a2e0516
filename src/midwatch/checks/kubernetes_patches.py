"""What Kubernetes' API server would not take of the patches in a document's commands."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import (
    facts,
    kubernetes_api,
    kubernetes_faults,
    kubernetes_object,
    kubernetes_paths,
    model,
)
from midwatch.commands import model as commands

Problem = kubernetes_object.Problem
ITEM = lazy.pattern(r"\d+|-")


@functools.lru_cache(maxsize=facts.REMEMBERED)
def read(subject: model.Subject) -> tuple[kubernetes_object.Fault, ...]:
    """Every fault in every patch to Kubernetes' own kinds, where it stands in the file."""
    return tuple(
        placed(subject, found, fault)
        for tool in ("kubectl", "oc")
        for found in facts.found(subject, tool)
        if found.command.path == ("patch",)
        for fault in of_command(found.command)
    )


def placed(
    subject: model.Subject, found: facts.Found, fault: kubernetes_object.Fault
) -> kubernetes_object.Fault:
    """A fault at its place in the patch; at the command where that is written with escapes."""
    body = facts.flag(found.command, "-p", "--patch") or ""
    before, exact, _ = found.command.text.partition(body)
    first = found.line + before.count("\n")
    written = body.split("\n")[fault.line]
    if exact and not found.outer and written in subject.line(first + fault.line):
        return kubernetes_faults.placed(subject, fault, first, body, applied=True)
    end = found.end_column if "\n" not in found.command.text else 0
    return dataclasses.replace(
        fault, line=found.line, column=found.column, end_column=end, new=None, applied=True
    )


def of_command(command: commands.Command) -> Iterator[kubernetes_object.Fault]:
    """The faults in the patch of one command."""
    api = kubernetes_api.load()
    name = command.operands[0].partition("/")[0].lower() if command.operands else ""
    listed, body = api.listed(name.removesuffix(".apps")), facts.flag(command, "-p", "--patch")
    if not listed or not body:
        return
    sort, type_ = facts.flag(command, "--type") or "strategic", api.kinds[listed]
    if body[:1] == body[-1:] == '"':
        body = body[1:-1].replace('\\"', '"')
    if sort == "json":
        yield from of_operations(body, type_)
    elif sort in {"strategic", "merge"}:
        merged = sort == "strategic"
        yield from kubernetes_object.faults_of_patch(body, type_, merged=merged)


def of_operations(body: str, type_: str) -> Iterator[kubernetes_object.Fault]:
    """The paths of a JSON patch that lead nowhere."""
    try:
        operations = json.loads(body)
    except ValueError:
        return
    for each in operations if isinstance(operations, list) else ():
        path = each.get("path") if isinstance(each, dict) else None
        stop = dead_end(path, type_) if isinstance(path, str) else ""
        if stop:
            kind = type_.rpartition(".")[2]
            message = f"A {kind} has no `{stop}`."
            yield kubernetes_object.Fault(Problem.UNKNOWN_FIELD, kind, 0, 1, 0, message)


def dead_end(path: str, type_: str) -> str:
    """The part of a path such as `/spec/replicas` up to the first name that is not there."""
    here, walked = type_, ""
    for word in path.strip("/").split("/"):
        name = word.replace("~1", "/").replace("~0", "~")
        walked = f"{walked}/{word}"
        step = kubernetes_paths.ITEMS if ITEM.fullmatch(name) and here.startswith("[]") else name
        below = kubernetes_paths.step(step, here)
        if below is None:
            return "" if "$" in name or "<" in name else walked
        here = below
    return ""

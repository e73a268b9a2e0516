"""One setting of one workload with two values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from midwatch.base import shape
from midwatch.checks import facts, manifests, model

RESOURCES = ("limits", "requests")


@shape.frozen
class Setting:
    """A value that a step gives to a setting of a container."""

    line: int
    workload: str
    name: str
    value: str


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A container's limit or variable that is set to another value than where it is set first."""
    first: dict[tuple[str, str], Setting] = {}
    for setting in sorted(settings(subject), key=lambda each: each.line):
        known = first.setdefault((setting.workload, setting.name), setting)
        if known.value != setting.value:
            yield model.Hit(
                setting.line,
                f"`{setting.name}` of {setting.workload} becomes {setting.value} here and "
                f"{known.value} on line {known.line}.",
            )


def settings(subject: model.Subject) -> Iterator[Setting]:
    """Every setting that the document's patches and manifests give to a container."""
    for found in facts.found(subject, "kubectl"):
        if found.command.path[:1] != ("patch",):
            continue
        payload = facts.flag(found.command, "--patch", "-p")
        target = "/".join(found.command.operands[:2]).removeprefix("deployments/")
        try:
            data = json.loads(payload or "")
        except ValueError:
            continue
        workload = target.removeprefix("deployment/")
        last = found.line + found.command.text.count("\n")
        yield from of_containers(subject, data, workload, (found.line, last))
    for manifest in manifests.read(subject):
        if manifest.kind in {"Deployment", "StatefulSet", "DaemonSet"}:
            lines = (manifest.line, manifest.end_line)
            yield from of_containers(subject, manifest.data, manifest.name, lines)


def of_containers(
    subject: model.Subject, data: object, workload: str, lines: tuple[int, int]
) -> Iterator[Setting]:
    """The literal variables and resources of the containers in some data."""
    for container in manifests.containers(data):
        for name, value in (*variables(container), *resources(container)):
            pattern = rf"\b{re.escape(name.rpartition('.')[2])}\b.*{re.escape(value)}"
            line = facts.line_of(subject, pattern, *lines)
            yield Setting(line, workload, name, value)


def variables(container: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The environment variables of a container that have a literal value."""
    entries = container.get("env")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, Mapping) and isinstance(entry.get("value"), str):
            yield str(entry.get("name")), str(entry["value"])


def resources(container: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The limits and requests of a container."""
    for kind in RESOURCES:
        table = manifests.at(container, "resources", kind)
        for name, value in table.items() if isinstance(table, Mapping) else ():
            yield f"{kind}.{name}", str(value)


RULE = model.Rule(
    id="manifest/values-disagree",
    severity=model.Severity.INFO,
    summary="One limit or variable of one workload with two values in one document.",
    why="Raising a limit by one procedure may lower what another has set, and the cure brings the "
    "symptom back.",
    fix="Give the value once, or say from what to what each procedure goes.",
    example=model.Example(
        bad="## Slow\n\n```bash\nkubectl patch deployment sorter -p "
        '\'{"spec":{"template":{"spec":{"containers":[{"name":"sorter","env":[{"name":'
        '"WORKERS","value":"20"}]}]}}}}\'\n```\n\n## Standard\n\n```bash\n'
        "kubectl patch deployment sorter -p "
        '\'{"spec":{"template":{"spec":{"containers":[{"name":"sorter","env":[{"name":'
        '"WORKERS","value":"10"}]}]}}}}\'\n```\n',
        good="## Standard\n\n```bash\nkubectl patch deployment sorter -p "
        '\'{"spec":{"template":{"spec":{"containers":[{"name":"sorter","env":[{"name":'
        '"WORKERS","value":"10"}]}]}}}}\'\n```\n',
    ),
    check=check,
    doubt="Settings that are meant to go up and down again.",
)

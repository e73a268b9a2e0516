"""What a person changed in a shell: from what it said of itself at first and in the end."""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence

from midwatch.base import shape
from midwatch.plugs.steps import driver, shell_state, shell_values

OF_THE_PERSON = re.compile(
    r"^(?:PS[0-4]|HIST.*|PROMPT_COMMAND|PROMPT_DIRTRIM|LINES|COLUMNS|READLINE_.*)$"
)
"""Variables of somebody who types, not of the run."""
SILENT = frozenset({"OLDPWD"})
OURS = re.compile(r"^__midwatch_")


@shape.frozen
class Changes:
    """What is not as it was."""

    lines: tuple[str, ...] = ()
    """Shell text that makes the same changes."""
    names: tuple[str, ...] = ()
    """What changed, for people: `folder`, `TOKEN`, `function f`."""
    values: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """What the variables hold that changed."""


def between(first: shell_state.Dump, last: shell_state.Dump) -> Changes:
    """What changed from the first dump to the last one."""
    found = [
        *_plain(first, last),
        *_options(first, last),
        *_named("function", _functions(first), _functions(last), "unset -f"),
        *_named("alias", _aliases(first), _aliases(last), "unalias"),
        *_named("", _variables(first), _variables(last), "unset -v"),
        *_named("trap", _traps(first), _traps(last), "trap -"),
    ]
    names = tuple(name for name, _ in found if name not in SILENT)
    before, after = _variables(first), _variables(last)
    values = {
        name: tuple(shell_values.values(record))
        for name, record in after.items()
        if before.get(name) != record
    }
    return Changes(tuple(line for _, line in found), names, values)


def _plain(first: shell_state.Dump, last: shell_state.Dump) -> Iterator[tuple[str, str]]:
    folder = last.sections["folder"][0]
    if folder != first.sections["folder"][0]:
        yield "folder", f"cd -- {shlex.quote(folder)} || exit {driver.LOST_FOLDER}"
    if last.sections["mask"] != first.sections["mask"]:
        yield "umask", last.sections["mask"][0]


def _options(first: shell_state.Dump, last: shell_state.Dump) -> Iterator[tuple[str, str]]:
    for number, (on, off) in enumerate((("shopt -s", "shopt -u"), ("set -o", "set +o"))):
        before, after = (_words(dump.sections["options"][number]) for dump in (first, last))
        yield from ((f"option {name}", f"{on} {name}") for name in sorted(after - before))
        yield from ((f"option {name}", f"{off} {name}") for name in sorted(before - after))


def _words(options: str) -> frozenset[str]:
    return frozenset(options.split(":")) - {""}


def _named(
    kind: str, before: Mapping[str, str], after: Mapping[str, str], gone: str
) -> Iterator[tuple[str, str]]:
    """What is new or another, and what is there no longer."""
    for name, text in after.items():
        if before.get(name) != text:
            yield f"{kind} {name}".strip(), text
    for name in before:
        if name not in after:
            yield f"{kind} {name}".strip(), f"{gone} {name}"


def _functions(dump: shell_state.Dump) -> dict[str, str]:
    """Each function as `declare -f` prints it; those before it in the alphabet come first."""
    exported = [line for line in dump.sections["exported"] if line.startswith("declare -f")]
    names = [line.split()[2] for line in exported]
    lines, found = list(dump.sections["functions"]), dict[str, str]()
    starts = [*_starts(lines, names), len(lines)]
    for name, line, start, end in zip(names, exported, starts, starts[1:], strict=False):
        export = f"\nexport -f {name}" if line.startswith("declare -fx") else ""
        found[name] = "\n".join(lines[start:end]).strip("\n") + export
    return {name: text for name, text in found.items() if not OURS.match(name)}


def _starts(lines: Sequence[str], names: Sequence[str]) -> Iterator[int]:
    at = 0
    for name in names:
        while at < len(lines) and lines[at].rstrip() not in {f"{name} ()", f"function {name} ()"}:
            at += 1
        yield at


def _aliases(dump: shell_state.Dump) -> dict[str, str]:
    found = {}
    for line in dump.sections["aliases"]:
        name = line.removeprefix("alias ").partition("=")[0].removeprefix("-- ")
        found[name] = line
    return {name: line for name, line in found.items() if name.strip()}


def _variables(dump: shell_state.Dump) -> dict[str, str]:
    return {
        name: record
        for name, record in shell_state.records(dump.sections["variables"])
        if not shell_state.OWN.match(name) and not OF_THE_PERSON.match(name)
    }


def _traps(dump: shell_state.Dump) -> dict[str, str]:
    found = shell_state.traps(dump.sections["traps"])
    return {name: record for name, record in found.items() if name != "EXIT"}

"""The inputs of steps: each hole and each variable from outside, typed, with its source."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from midwatch.base import lazy
from midwatch.runbook import commandlines, drafts, model, placeholders, vocabulary

GIVEN = frozenset(
    [
        "HOME",
        "USER",
        "PATH",
        "PWD",
        "OLDPWD",
        "SHELL",
        "TERM",
        "LANG",
        "LC_ALL",
        "LOGNAME",
        "UID",
        "EUID",
        "PPID",
        "RANDOM",
        "SECONDS",
        "HOSTNAME",
        "EDITOR",
        "IFS",
        "BASH",
        "BASH_SOURCE",
        "BASH_VERSION",
        "LINENO",
        "FUNCNAME",
        "PIPESTATUS",
        "REPLY",
        "OPTARG",
        "OPTIND",
        "TMPDIR",
        "COLUMNS",
        "LINES",
        "NR",
        "NF",
        "FS",
        "RS",
        "OFS",
        "ORS",
        "FNR",
        "FILENAME",
        "PSScriptRoot",
        "SSH_AUTH_SOCK",
        "DISPLAY",
        "HOSTTYPE",
        "OSTYPE",
        "MACHTYPE",
        "SHLVL",
        "_",
        "BASHPID",
        "BASHOPTS",
        "BASH_VERSINFO",
        "BASH_LINENO",
        "BASH_COMMAND",
        "BASH_SUBSHELL",
        "EPOCHSECONDS",
        "EPOCHREALTIME",
        "GROUPS",
        "MAPFILE",
        "SHELLOPTS",
        "SRANDOM",
        "PS1",
        "PS4",
    ]
)
"""Variables that every shell has."""
WORD = lazy.pattern(r"[A-Z]+(?![a-z])|[A-Za-z][a-z]*")
NAMESPACE = lazy.pattern(r"(?<=\s)(?:-n\s+|--namespace[= ])(?P<name>[\w.-]+)(?=\s|$)")
WORKLOAD = lazy.pattern(
    r"\b(?P<name>(?:deployment|deploy|statefulset|sts|daemonset|ds)[/ ][\w.-]+)"
)
CHOICE = lazy.pattern(r"[\w.-]+(?:[|/][\w.-]+)+$")
KUBECTL = frozenset({"kubectl", "oc", "k"})


def attach(steps: Sequence[drafts.Draft]) -> None:
    """Give every step its inputs and slots; a variable is an input until the document sets it."""
    known: set[str] = set()
    for step in steps:
        text = step.excerpt.text
        holes = [
            hole
            for hole in placeholders.find(text, tuple(step.placeholders), step.language)
            if not (hole.text == hole.name and hole.name in known) and not _assigned(hole, text)
        ]
        found = {hole.name: _input(step, hole) for hole in reversed(holes)}
        names = [hole.name for hole in holes]
        inputs = [found[name] for name in dict.fromkeys(names)]
        inputs.extend(_variables(step, known))
        step.inputs = tuple(inputs)
        step.slots = tuple(model.Slot(hole.name, hole.start, hole.end) for hole in holes)
        known |= step.sets


def _assigned(hole: placeholders.Hole, text: str) -> bool:
    """Whether a name in capitals is a variable that the text itself sets."""
    bare = hole.text == hole.name and hole.name.isupper()
    return bare and re.search(rf"(?<!\w){re.escape(hole.name)}=", text) is not None


def together(steps: Iterable[model.Step]) -> tuple[model.Input, ...]:
    """The inputs of a whole document, each once, at its first line."""
    found: dict[str, model.Input] = {}
    for step in steps:
        for each in step.inputs:
            found.setdefault(each.name, each)
    return tuple(sorted(found.values(), key=lambda each: each.line))


def _input(step: drafts.Draft, hole: placeholders.Hole) -> model.Input:
    what = hole.kind or kind(hole.name)
    what = "email" if "@" in hole.name else what
    if (
        CHOICE.match(hole.name)
        and what not in {"secret", "date"}
        and hole.text.startswith(("<", "[", "{"))
    ):
        options = tuple(re.split(r"[|/]", hole.name))
        return model.Input(hole.name, _line(step, hole.start), hole.text, "choice", choices=options)
    if what == "text" and hole.text.lower().endswith("xxx") and _lists(step, "pod"):
        what = "pod"
    if what in {"service", "text", "id", "count"} and hole.name.lower() in {
        "name",
        "resource",
        "resource-name",
    }:
        what = "text"
    return model.Input(
        hole.name,
        _line(step, hole.start),
        hole.text,
        what,
        secret=what == "secret",
        default=hole.default,
        source=_source(step, what),
    )


def _variables(step: drafts.Draft, known: set[str]) -> list[model.Input]:
    found = []
    for name in sorted(step.uses - known - GIVEN):
        if name.isdigit() or not re.match(r"[A-Za-z_]\w+$", name):
            continue
        match = re.search(rf"\$(?:\{{[!#]?)?{name}\b", step.excerpt.text)
        at = match.start() if match else 0
        what = kind(name)
        found.append(
            model.Input(
                name,
                _line(step, at),
                match.group() + ("}" if "{" in match.group() else "") if match else f"${name}",
                what,
                secret=what == "secret",
                source=_source(step, what),
                environment=True,
            )
        )
    return sorted(found, key=lambda each: each.line)


def kind(name: str) -> str:
    """What an input of that name is: a pod, a count, a secret, or just text."""
    words = [word.lower() for word in WORD.findall(name.replace("ID", "Id"))]
    bare = [word for word in words if word not in {"name", "the", "your", "my", "new", "old", "of"}]
    joined = {f"{a}-{b}" for a, b in itertools.pairwise(bare)}
    named = bool(words) and words[-1] in {"name", "id", "ocid", "arn", "path", "file", "names"}
    for each, telling in vocabulary.load().kinds:
        if named and each == "secret":
            continue
        if each in {"secret", "url"} and telling & ({*bare} | joined):
            return each
    if named and words[-1] != "name":
        return {"path": "path", "file": "path"}.get(words[-1], "id")
    last = [*joined, bare[-1]] if bare else []
    for each, telling in vocabulary.load().kinds:
        if telling & set(last):
            return each
    for each, telling in vocabulary.load().kinds:
        if telling & set(bare) and each not in {"count", "id", "date"}:
            return each
    return "text"


def _line(step: drafts.Draft, offset: int) -> int:
    return step.excerpt.place(offset).line


def _lists(step: drafts.Draft, what: str) -> bool:
    program = commandlines.program(step.excerpt.text)
    return what in vocabulary.load().sources.get(program, {})


def _source(step: drafts.Draft, what: str) -> str | None:
    """A command that lists the values of a kind, for the tool that the step uses."""
    text = step.excerpt.text
    program = commandlines.program(text)
    if program in KUBECTL and what == "revision":
        workload = WORKLOAD.search(text)
        return (
            _spaced(f"{program} rollout history {workload.group('name')}", text)
            if workload
            else None
        )
    arguments = vocabulary.load().sources.get(program, {}).get(what)
    if arguments is None or not isinstance(arguments, str):
        return None
    command = f"{program} {arguments}"
    cluster = what in {"node", "namespace", "cluster"} or program not in KUBECTL
    return command if cluster else _spaced(command, text)


def _spaced(command: str, text: str) -> str:
    """The command in the namespace that the step names."""
    namespace = NAMESPACE.search(text)
    return f"{command} -n {namespace.group('name')}" if namespace else command

"""The shell's state between steps: what bash said of itself, turned into text that restores it.

Only what differs from a fresh bash in the same environment is kept, so a state is small, and
variables whose values are secrets are left to the environment they came from.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence

from midwatch.base import shape
from midwatch.plugs.steps import driver, shell_values

OWN = re.compile(
    r"^(?:BASH.*|_|__midwatch_.*|MIDWATCH_STEP|RANDOM|SRANDOM|LINENO|EPOCH.*|GROUPS|DIRSTACK|FUNCNAME"
    r"|PIPESTATUS|HISTCMD|HISTSIZE|PPID|E?UID|SHELLOPTS|SHLVL|PWD|HOSTNAME|HOSTTYPE|MACHTYPE|OSTYPE"
    r"|OPTERR|SHELL|COLUMNS|LINES|COMP_WORDBREAKS)$"
)
DECLARED = re.compile(r"declare (-\S+) ([A-Za-z_][A-Za-z0-9_]*)(=|$)")
DEFAULTS = frozenset(
    {
        "declare -- IFS=$' \\t\\n'",
        'declare -- PS4="+ "',
        'declare -i OPTIND="1"',
        "declare -- SECONDS",
        'declare -- TERM="dumb"',
        'declare -i MAILCHECK="60"',
    }
)
TRACING = frozenset({"xtrace", "verbose"})
NEED_BACKSLASH = re.compile(r'([\\"$`])')
SPECIAL = re.compile(r"[\x00-\x1f\x7f-\uffff\\']")
"""Such a character is written another way in `$'…'`."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@shape.frozen
class Dump:
    """What bash said of itself after a step, by section."""

    first_options: tuple[str, str]
    sections: Mapping[str, Sequence[str]]


def parse(text: str, mark: str) -> Dump | None:
    """The dump of a step; None where it is not whole, as the step left the shell itself."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.split("\n"):
        if line.startswith(f"{mark} "):
            current = sections.setdefault(line.removeprefix(f"{mark} "), [])
        else:
            current.append(line)
    if "end" not in sections:
        return None
    first = sections["first"]
    return Dump((first[0], first[1]), sections)


@shape.frozen
class State:
    """The shell's state after a step."""

    text: str
    """Shell text that restores it."""
    exit_trap: str = ""
    """The author's EXIT trap in it, which waits for the end of the run."""


class Known:
    """What every step finds without being told: the environment, as bash would declare it."""

    def __init__(self, environment: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        self.names = frozenset(
            name for name in environment if name.isidentifier() and not OWN.match(name)
        )
        self.declared = frozenset(_exported(name, environment[name]) for name in self.names)
        self.secrets = {name: value for name, value in secrets.items() if value}


Hide = Callable[[str], str]
"""From a line of the state to itself, or to what may be written down in its place."""


def of(dump: Dump, known: Known, hide: Hide) -> State:
    """The state that a dump tells of."""
    record = traps(dump.sections["traps"]).get("EXIT", "")
    lines = [hide(line) for line in restoring(dump, known) if line]
    return State("\n".join([*lines, ":\n"]), shlex.split(record)[2] if record else "")


def without_exit_trap(text: str) -> str:
    """The same state once its EXIT trap has run."""
    return f'{text}{driver.LAST_VARIABLE}="${{{driver.LAST_VARIABLE}-}}trap - EXIT; "\n:\n'


def restoring(dump: Dump, known: Known) -> list[str]:
    """Lines of shell text that bring a fresh bash in the known environment to the dump's state.

    A secret of the environment is written as a reference to its variable.
    """
    section = dump.sections
    lines = [
        *section["mask"],
        f"cd -- {shlex.quote(section['folder'][0])} || exit {driver.LOST_FOLDER}",
    ]
    old_shell, old_set = (_words(text) for text in dump.first_options)
    new_shell, new_set = (_words(text) for text in section["options"][:2])
    lines += [f"shopt -s {name}" for name in sorted(new_shell - old_shell)]
    lines += [f"shopt -u {name}" for name in sorted(old_shell - new_shell)]
    lines.append("\n".join(section["functions"]).strip("\n"))
    lines += section["aliases"]
    lines += [
        f"export -f {line.split()[2]}"
        for line in section["exported"]
        if line.startswith("declare -fx")
    ]
    lines += _variables(section["variables"], known)
    lines += [f"set -o {name}" for name in sorted(new_set - old_set - TRACING)]
    lines += [f"set +o {name}" for name in sorted(old_set - new_set)]
    lines += _last(traps(section["traps"]), tracing=new_set & TRACING)
    return lines


def _last(found: Mapping[str, str], tracing: frozenset[str]) -> Iterator[str]:
    """Traps and tracing, for where the author's words begin: nothing of ours sets them off."""
    together = [record for name, record in found.items() if name != "DEBUG"]
    together += [f"set -o {name}" for name in sorted(tracing)]
    together += [found["DEBUG"]] if "DEBUG" in found else []
    if together:  # `set -v` shows a line when it is read: the author's is then one of its own
        end = "\n" if "verbose" in tracing else "; "
        group = "\n".join(["{", *together, f"}} 2>/dev/null{end}"])
        yield f"{driver.LAST_VARIABLE}={shlex.quote(group)}"


def traps(lines: Sequence[str]) -> dict[str, str]:
    """The traps that bash printed, each by its name; a command may go over several lines."""
    found: dict[str, str] = {}
    record = ""
    for line in lines:
        record = f"{record}\n{line}" if record else line
        if not record.startswith("trap -- "):
            record = ""
            continue
        try:
            words = shlex.split(record)
        except ValueError:
            continue
        found[words[-1]] = record
        record = ""
    return found


def _words(options: str) -> frozenset[str]:
    return frozenset(options.split(":")) - {""}


def changed(dump: Dump, known: Known) -> dict[str, tuple[str, ...]]:
    """The variables that are not as the environment gave them, with their values."""
    return {
        name: tuple(shell_values.values(record))
        for name, record in records(dump.sections["variables"])
        if record not in known.declared and record not in DEFAULTS and not OWN.match(name)
    }


def _variables(lines: Sequence[str], known: Known) -> Iterator[str]:
    seen = set()
    for name, record in records(lines):
        seen.add(name)
        if record in known.declared or record in DEFAULTS or OWN.match(name):
            continue
        if name in known.secrets and record.startswith(f"declare -x {name}=$'"):
            continue  # bash quotes it its own way; the environment has it
        yield _referring(record, known.secrets)
    yield from (f"unset -v {name}" for name in sorted(known.names - seen))


def records(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """One variable after the other; an old bash spreads a value over several lines."""
    name, record = "", ""
    for line in lines:
        found = DECLARED.match(line)
        if found:
            if name:
                yield name, record
            name, record = found[2], line
        elif name and line:
            record += "\n" + line
    if name:
        yield name, record


def _exported(name: str, value: str) -> str:
    if CONTROL.search(value):
        return ""
    return f'declare -x {name}="{_escaped(value)}"'


def _escaped(value: str) -> str:
    return NEED_BACKSLASH.sub(r"\\\1", value)


def _referring(record: str, secrets: Mapping[str, str]) -> str:
    """The record with every secret value replaced by its variable, where quotes allow it."""
    signs = "$'" in record
    for name, value in secrets.items():
        if signs:
            if not SPECIAL.search(value):
                record = record.replace(value, f"'\"${{{name}}}\"$'")
            continue
        if _escaped(value) in record:
            record = record.replace(_escaped(value), f"${{{name}}}")
    return record

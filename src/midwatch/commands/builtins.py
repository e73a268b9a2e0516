"""What bash does itself, without any program: `cd`, `export`, `eval` and their kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from midwatch.base import lazy
from midwatch.commands import judging, model, vocabulary, words

Arguments: TypeAlias = Sequence[words.Argument]

QUIET = vocabulary.of(
    """
    : true false echo printf cd pwd pushd popd dirs test [ exit return break continue shift
    set unset shopt read mapfile readarray getopts type hash help times jobs fg bg disown
    umask ulimit local declare typeset readonly export nameref let alias unalias compgen
    caller logout history wait suspend complete compopt
    """
)
"""Built-ins that leave nothing behind once the shell ends."""
OPAQUE = {
    "eval": "eval runs text that is only put together when it runs",
    "source": "source runs a file that cannot be seen here",
    ".": "`.` runs a file that cannot be seen here",
    "bind": "bind may tie keys to commands",
    "fc": "fc runs a command from the history",
    "enable": "enable can load code",
}
COMMANDING = lazy.pattern(r"-[a-zA-Z]*C")
EVALUATING = vocabulary.of("[ test let unset read printf declare typeset local readonly export")
HIDDEN = lazy.pattern(r"\[[^\]]*(?:\$\(|`)|=\s*\$\(")
"""A substitution in the index of a list, which bash carries out even from between quotes."""
HARMLESS_PROGRAMS = lazy.pattern(
    r"|(?:/usr/(?:local/)?bin/|/bin/)?(?:cat|less|more|most|bat|vim?|nvim|nano|emacs|pico|micro|true|:|ssh)"
    r"(?: -[A-Za-z]+)*|code --wait|code -w"
)
RUN_BY_OTHERS = vocabulary.of(
    """
    LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES BASH_ENV ENV PROMPT_COMMAND
    PAGER GIT_PAGER MANPAGER SYSTEMD_PAGER AWS_PAGER PSQL_PAGER EDITOR VISUAL GIT_EDITOR
    KUBE_EDITOR SUDO_EDITOR GIT_SEQUENCE_EDITOR GIT_SSH GIT_SSH_COMMAND GIT_EXTERNAL_DIFF
    GIT_PROXY_COMMAND GIT_ASKPASS SSH_ASKPASS KUBECTL_EXTERNAL_DIFF LESSOPEN LESSCLOSE
    PYTHONSTARTUP PYTHONPATH PERL5OPT PERL5LIB RUBYOPT RUBYLIB NODE_OPTIONS NODE_PATH
    RSYNC_RSH BROWSER SHELLOPTS BASHOPTS PS4 PSQL_EDITOR JAVA_TOOL_OPTIONS CLASSPATH
    TAR_OPTIONS GREP_OPTIONS MAKEFLAGS GZIP
    """
)
"""Variables whose value other programs run or load."""


def verdict(
    name: str, arguments: Arguments, supply: judging.Supply | None
) -> judging.Verdict | None:
    """What the built-in does; None when the name is none of bash's own."""
    special = SPECIAL.get(name)
    if special:
        return special(arguments, supply)
    if name in EVALUATING and any(HIDDEN.search(argument.pattern) for argument in arguments):
        return judging.unknown(f"{name} carries out a command that quotes hide")
    if name in QUIET:
        return judging.read(f"{name} is part of the shell and changes nothing outside it")
    if name in OPAQUE:
        return judging.unknown(OPAQUE[name])
    return None


def of_assignment(name: str, value: str) -> judging.Verdict | None:
    """What giving a variable a value does, where programs run what it says."""
    if name not in RUN_BY_OTHERS or HARMLESS_PROGRAMS.fullmatch(value):
        return None
    return judging.unknown(f"programs run or load what {name} says")


def _read(_arguments: Arguments, supply: judging.Supply | None) -> judging.Verdict:
    why = "read is part of the shell and changes nothing outside it"
    return judging.read(why) if supply else judging.read(why, model.Trait.INTERACTIVE)


def _mapfile(arguments: Arguments, _supply: judging.Supply | None) -> judging.Verdict:
    if any(COMMANDING.match(argument.pattern) for argument in arguments):
        return judging.unknown("mapfile -C runs a command for the lines it reads")
    return judging.read("mapfile reads lines into a variable")


def _history(arguments: Arguments, _supply: judging.Supply | None) -> judging.Verdict:
    if not arguments or all(argument.pattern.isdigit() for argument in arguments):
        return judging.read("history lists earlier commands")
    return judging.change("history changes the shell's own record", judging.LOCAL)


def _wait(_arguments: Arguments, _supply: judging.Supply | None) -> judging.Verdict:
    return judging.read("wait waits for background jobs", model.Trait.WAITS)


def _background(_arguments: Arguments, _supply: judging.Supply | None) -> judging.Verdict:
    return judging.unknown("it goes on with a stopped job", model.Trait.INTERACTIVE)


def _hash(arguments: Arguments, _supply: judging.Supply | None) -> judging.Verdict:
    if any(argument.pattern.startswith("-p") for argument in arguments):
        return judging.unknown("hash -p makes a name mean another program")
    return judging.read("hash only remembers where programs are")


def _complete(arguments: Arguments, _supply: judging.Supply | None) -> judging.Verdict:
    if any(COMMANDING.match(argument.pattern) for argument in arguments):
        return judging.unknown("it runs a command to complete words")
    return judging.read("it sets how the shell completes words")


SPECIAL: Mapping[str, Callable[[Arguments, judging.Supply | None], judging.Verdict]] = {
    "read": _read,
    "mapfile": _mapfile,
    "readarray": _mapfile,
    "history": _history,
    "wait": _wait,
    "hash": _hash,
    "fg": _background,
    "bg": _background,
    "complete": _complete,
    "compgen": _complete,
}

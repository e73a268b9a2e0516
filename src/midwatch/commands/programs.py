"""Which program a name means: an alias, a function, a script, part of the shell, a known tool."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from midwatch.base import lazy, shape
from midwatch.commands import (
    builtins,
    carrying,
    judging,
    knowledge_base,
    masking,
    model,
    strangers,
    templates,
    tools,
    words,
)

if TYPE_CHECKING:
    from midwatch.commands import effects

STANDARD = lazy.pattern(r"(?:.*/)?s?bin/(?:[^/]+)", re.DOTALL)
INIT_SCRIPT = lazy.pattern(r"/etc/(?:rc\.d/)?init\.d/[\w.@-]+")
SHIPPED_AS_SCRIPT = knowledge_base.SCRIPTED
NOTHING: Mapping[str, Any] = {}
LONGEST_SHOWN = 60


@shape.frozen
class Named:
    """The verdict on a command, with the tool and what its entry says."""

    verdict: judging.Verdict
    tool: str | None = None
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def judge(
    judge: effects.Judge,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
) -> Named:
    """Judge a command by what its first word means."""
    first = arguments[0]
    pattern = first.pattern
    name = _plain_name(pattern)
    if name is None:
        return Named(
            judging.unknown(f"which program {_shown(first.text)} is, is only known when it runs")
        )
    defined = _defined(judge, pattern, arguments, supply)
    if defined is not None:
        return defined
    if name in WRAPPERS and pattern == name:
        return WRAPPERS[name](judge, arguments, supply)
    own = builtins.verdict(name, arguments[1:], supply) if pattern == name else None
    if own is not None:
        return Named(own, name)
    stand_in = _stand_in(pattern, name, first)
    if stand_in:
        return _known(judge, stand_in[0].pattern, [*stand_in, *arguments[1:]], supply)
    if not _is_standard(pattern, name):
        why = f"{_shown(pattern)} is a program of its own that Midwatch cannot read"
        return Named(strangers.verdict(name, arguments[1:], why))
    return _known(judge, name, arguments, supply)


def _plain_name(pattern: str) -> str | None:
    """The program's own name, where it is known: also behind a folder that is not."""
    if words.HOLE not in pattern:
        return pattern.rsplit("/", 1)[-1] if "/" in pattern else pattern
    folder, slash, name = pattern.rpartition("/")
    if slash and words.HOLE not in name and folder.rsplit("/", 1)[-1] in {"bin", "sbin"}:
        return name
    return None


def _stand_in(pattern: str, name: str, first: words.Argument) -> list[words.Argument]:
    """Programs that are another one by convention: Django's manage.py, the scripts of init."""
    if name == "manage.py":
        return words.given(("python", "manage.py"), first.span)
    if INIT_SCRIPT.fullmatch(pattern):
        return words.given(("service", name), first.span)
    return []


def _is_standard(pattern: str, name: str) -> bool:
    """Whether a path leads to where systems keep their programs."""
    if "/" not in pattern:
        return True
    if SHIPPED_AS_SCRIPT.fullmatch(name):
        return True
    return bool(STANDARD.fullmatch(pattern)) and not pattern.startswith((".", "scripts/"))


def _defined(
    judge: effects.Judge,
    pattern: str,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
) -> Named | None:
    """What the document itself says the name is: an alias, a function, a script."""
    if pattern in judge.names.aliases and f"alias {pattern}" not in judge.calling:
        return _alias(judge, pattern, arguments, supply)
    if pattern in judge.names.functions:
        return _function(judge, pattern, supply)
    context = judge.world.context
    if pattern in context.functions:
        known = context.functions[pattern]
        return Named(_from_document(f"the function {pattern}", known), pattern)
    script = pattern.rsplit("/", 1)[-1]
    if script in context.scripts and ("/" in pattern or "." in pattern):
        return Named(_from_document(f"the script {script}", context.scripts[script]), pattern)
    return None


def of_script(context: model.Context, argument: words.Argument) -> judging.Verdict:
    """What a script does that a shell is given by its file name."""
    name = argument.pattern.rsplit("/", 1)[-1]
    if words.HOLE not in name and name in context.scripts:
        return _from_document(f"the script {name}", context.scripts[name])
    return judging.unknown(f"{_shown(argument.text)} is a script that Midwatch cannot see")


def _from_document(what: str, known: model.Judgement) -> judging.Verdict:
    why = f"{what} of this document: {known.why}"
    return judging.Verdict(known.effect, why, known.traits)


def _function(judge: effects.Judge, name: str, supply: judging.Supply | None) -> Named:
    """A function does what its body does; one that calls itself adds nothing new."""
    if name in judge.calling:
        return Named(judging.read(f"{name} calls itself"), name)
    inner = judge.within(judge.names)
    inner.calling = judge.calling | {name}
    if inner.depth > DEEPEST_CALL:
        return Named(judging.unknown(f"{name} is nested too deeply to be judged"), name)
    verdict = judging.worst([inner.statement(body, supply) for body in judge.names.functions[name]])
    inside = tuple(inner.commands)
    why = f"the function {name}: {verdict.why}"
    return Named(dataclasses.replace(verdict, why=why, inside=inside), name)


DEEPEST_CALL = 12


def _alias(
    judge: effects.Judge,
    name: str,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
) -> Named:
    """An alias is its text with the other words behind it."""
    value = judge.names.aliases[name]
    if words.HOLE in value:
        return Named(judging.unknown(f"the alias {name} is only known when it runs"))
    rest = " ".join(_quoted(argument) for argument in arguments[1:])
    span = model.Span(arguments[0].span.start, arguments[-1].span.end)
    inner = judge.within(judge.names)
    inner.calling = judge.calling | {f"alias {name}"}
    verdict = inner.text(f"{value} {rest}", span, supply, judge.names)
    real = _without_alias(judge, arguments, supply)
    whole = judging.worst([verdict, real.verdict]) if real else verdict
    return Named(dataclasses.replace(whole, why=f"the alias {name}: {whole.why}"), name)


def _without_alias(
    judge: effects.Judge, arguments: Sequence[words.Argument], supply: judging.Supply | None
) -> Named | None:
    """What the name means if the alias is not expanded; None when it means nothing then."""
    name = arguments[0].pattern
    tool = judge.world.knowledge.tool(name)
    own = builtins.verdict(name, arguments[1:], supply)
    if own is not None:
        return Named(own, name)
    return _known(judge, name, arguments, supply) if tool else None


def _quoted(argument: words.Argument) -> str:
    if argument.many:
        return '"$@"'
    text = argument.pattern.replace(words.HOLE, masking.MASK).replace("'", "'\\''")
    return f"'{text}'"


def _known(
    judge: effects.Judge,
    name: str,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
) -> Named:
    """A tool by its knowledge file, or how to teach one that has none."""
    tool = judge.world.knowledge.tool(name)
    if tool is None:
        shown = _shown(name)
        why = f"{shown} is not known to Midwatch; teach it in .midwatch/knowledge/{shown}.toml"
        return Named(strangers.verdict(name, arguments[1:], why), None)
    if isinstance(tool, knowledge_base.Broken):
        return Named(judging.unknown(f"its knowledge file is wrong: {tool.reason}"), name)
    judged = tools.judge(tool, arguments, supply, judge)
    return Named(judged.verdict, tool.name, _details(judged))


def _details(judged: tools.Judged) -> Mapping[str, Any]:
    found, result = judged.found, judged.result
    details: dict[str, Any] = {
        "path": found.entry.path,
        "flags": found.mapping(),
        "operands": tuple([argument.text for argument in found.operands]),
    }
    if result.fine_exits:
        details["fine_exits"] = result.fine_exits
    for key in ("target", "look_first", "undo", "record", "restore"):
        template = getattr(result, key)
        if template:
            details[key] = templates.fill(template, found)
    if judged.found.tool.carry:
        details |= {
            key: carrying.along(details[key], found)
            for key in ("look_first", "undo", "record", "restore")
            if details.get(key)
        }
    return details


def _shown(text: str) -> str:
    clean = "".join(c if c.isprintable() else "?" for c in text.replace(words.HOLE, "…"))
    return clean if len(clean) <= LONGEST_SHOWN else f"{clean[:LONGEST_SHOWN]}…"


def _command(
    judge: effects.Judge, arguments: Sequence[words.Argument], supply: judging.Supply | None
) -> Named:
    """`command rm`: the program, not the function; `command -v rm` only looks it up."""
    rest = list(arguments[1:])
    while rest and rest[0].pattern.startswith("-"):
        if "v" in rest[0].pattern.lower():
            return Named(judging.read("it only looks a program up"), "command")
        rest = rest[1:]
    return _wrapped(judge, "command", rest, supply)


def _builtin(
    judge: effects.Judge, arguments: Sequence[words.Argument], supply: judging.Supply | None
) -> Named:
    return _wrapped(judge, "builtin", arguments[1:], supply)


def _exec(
    judge: effects.Judge, arguments: Sequence[words.Argument], supply: judging.Supply | None
) -> Named:
    """`exec rm` is `rm`; `exec > file` alone only redirects."""
    rest = list(arguments[1:])
    while rest and rest[0].pattern.startswith("-"):
        rest = rest[2:] if rest[0].pattern.endswith("a") else rest[1:]
    return _wrapped(judge, "exec", rest, supply)


def _wrapped(
    judge: effects.Judge,
    name: str,
    rest: Sequence[words.Argument],
    supply: judging.Supply | None,
) -> Named:
    if not rest:
        return Named(judging.read(f"{name} alone runs nothing"), name)
    return Named(judge.argv(rest, supply), name)


def _trap(
    judge: effects.Judge, arguments: Sequence[words.Argument], _supply: judging.Supply | None
) -> Named:
    """`trap 'text' EXIT` runs its text later."""
    rest = [each for each in arguments[1:] if each.pattern not in {"--", "-l", "-p", "-lp"}]
    if len(rest) < 2 or len(rest) < len(arguments) - 2:  # noqa: PLR2004  (text and a signal)
        return Named(judging.read("trap lists or clears what runs at signals"), "trap")
    text = rest[0].pattern
    if text in {"-", ""}:
        return Named(judging.read("trap clears what runs at signals"), "trap")
    if words.HOLE in text and not text.strip(words.HOLE):
        return Named(judging.unknown("what trap runs is only known when it runs"), "trap")
    shown = text.replace(words.HOLE, masking.MASK)
    verdict = judge.text(shown, rest[0].span, None, judge.names)
    return Named(dataclasses.replace(verdict, why=f"at a signal: {verdict.why}"), "trap")


WRAPPERS = {
    "command": _command,
    "builtin": _builtin,
    "exec": _exec,
    "trap": _trap,
}

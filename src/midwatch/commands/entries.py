"""What is known of one tool: typed entries, built from a knowledge file's tables."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from midwatch.base import lazy, shape
from midwatch.commands import model

Table: TypeAlias = Mapping[str, Any]
AT_ENDS = frozenset({"operands", "dashdash"})


@shape.frozen
class Result:
    """What follows when an entry or a condition applies."""

    effect: model.Effect | None = None
    traits: frozenset[model.Trait] = frozenset()
    why: str = ""
    look_first: str = ""
    undo: str = ""
    record: str = ""
    restore: str = ""
    target: str = ""
    fine_exits: Mapping[int, str] = dataclasses.field(default_factory=dict)


@shape.frozen
class FlagRule:
    """A flag that raises the effect to at least this, wherever it stands."""

    names: frozenset[str]
    values: re.Pattern[str] | None
    not_values: re.Pattern[str] | None
    result: Result


@shape.frozen
class When:
    """Conditions on flags and operands; the first that holds decides."""

    flags: frozenset[str]
    flag_values: re.Pattern[str] | None
    no_flags: frozenset[str]
    operand: re.Pattern[str] | None
    operands: re.Pattern[str] | None
    all_operands: re.Pattern[str] | None
    count: str
    result: Result

    @property
    def of_operands(self) -> bool:
        """Whether it asks anything of the operands."""
        return bool(self.operand or self.operands or self.all_operands or self.count)


@shape.frozen
class Inside:
    """Something the tool runs: where it stands, and in which language."""

    origin: str
    language: str
    skip: int
    flags: frozenset[str]
    skip_assignments: bool
    remote: bool
    result: Result


@dataclasses.dataclass(slots=True)
class Entry:
    """The plain tool, or one of its sub-commands."""

    path: tuple[str, ...]
    result: Result
    kinds: dict[str, str]
    """Each known flag: `value`, `switch` or `optional`."""
    flags: tuple[FlagRule, ...]
    when: tuple[When, ...]
    inside: tuple[Inside, ...]
    flags_end_at_operand: bool
    children: dict[str, Entry] = dataclasses.field(default_factory=dict)
    known: bool = True
    """False for a word that only leads to sub-commands and is none itself."""
    removed: str = ""
    complete_flags: bool = False
    required: tuple[str, ...] = ()
    value_kinds: Mapping[str, str] = dataclasses.field(default_factory=dict)
    raises: bool = False
    """Some flag raises the effect."""


@shape.frozen
class Verbs:
    """Words that say what a command does in tools with very many sub-commands."""

    words: re.Pattern[str]
    result: Result


@shape.frozen
class Tool:
    """All that is known of one tool."""

    name: str
    root: Entry
    source: str
    """The knowledge file, as people know it: `kubectl.toml`."""
    docs: str = ""
    aliases: tuple[str, ...] = ()
    verbs: tuple[Verbs, ...] = ()
    verbs_from: int = 0
    verbs_until: int | None = None
    long_single_dash: bool = False
    abbreviations: bool = True
    complete_commands: bool = False
    examples: str = ""
    analyser: str = ""
    kinds: Mapping[str, str] = dataclasses.field(default_factory=dict)
    sources: Mapping[str, str] = dataclasses.field(default_factory=dict)
    carry: frozenset[str] = frozenset()
    """Flags that say where it acts: what looks first and what takes back gets them too."""


def tool(table: Table, source: str) -> Tool:
    """The tool that a knowledge file's table describes."""
    root = _entry((), table, None)
    if root.result.effect is None:
        root.result = dataclasses.replace(root.result, effect=model.Effect.UNKNOWN)
    for group in table.get("alike", ()):
        for name in group["commands"]:
            _add(root, tuple(name.split()), group)
    for name, command in table.get("commands", {}).items():
        _add(root, tuple(name.split()), command)
    return Tool(
        name=table["tool"],
        root=root,
        source=source,
        docs=table.get("docs", ""),
        aliases=tuple(table.get("aliases", ())),
        verbs=tuple(
            Verbs(lazy.pattern(each["words"]), _result(each)) for each in table.get("verbs", ())
        ),
        verbs_from=table.get("verbs_from", 0),
        verbs_until=table.get("verbs_until"),
        long_single_dash=table.get("long_single_dash", False),
        abbreviations=table.get("abbreviations", True),
        complete_commands=table.get("complete_commands", False),
        examples=table.get("examples", ""),
        analyser=table.get("analyser", ""),
        kinds=_kinds(table),
        sources=table.get("sources", {}),
        carry=frozenset(table.get("carry", ())),
    )


def _kinds(table: Table) -> Mapping[str, str]:
    kinds: Mapping[str, str] = table.get("kinds", {})
    return kinds


def _add(root: Entry, path: tuple[str, ...], table: Table) -> None:
    parent = root
    for word in path[:-1]:
        if word not in parent.children:
            parent.children[word] = _passage(parent, word)
        parent = parent.children[word]
    entry = _entry(path, table, root)
    before = parent.children.get(path[-1])
    if before:
        entry.children = before.children
    parent.children[path[-1]] = entry
    for alias in table.get("aliases", ()):
        words = tuple(alias.split())
        place = root if len(words) > 1 else parent
        for word in words[:-1]:
            place = place.children.setdefault(word, _passage(place, word))
        place.children[words[-1]] = entry


def _passage(parent: Entry, word: str) -> Entry:
    """A word that only leads on: `rollout`, where only `rollout undo` is known."""
    return dataclasses.replace(
        parent,
        path=(*parent.path, word),
        result=Result(model.Effect.UNKNOWN, parent.result.traits),
        children={},
        known=False,
        inside=(),
    )


def _entry(path: tuple[str, ...], table: Table, root: Entry | None) -> Entry:
    own = tuple(_flag_rule(each) for each in table.get("flags", ()))
    when = tuple(_when(each) for each in table.get("when", ()))
    inside = tuple(_inside(each) for each in table.get("inside", ()))
    result = _result(table)
    if root:
        result = dataclasses.replace(result, traits=result.traits | root.result.traits)
    flags = (*own, *(root.flags if root else ()))
    return Entry(
        path=path,
        result=result,
        kinds={**_named_kinds(when, inside), **(root.kinds if root else {}), **_flag_kinds(table)},
        flags=flags,
        when=(*(each for each in (root.when if root else ()) if not each.of_operands), *when),
        inside=inside or _handed_down(root),
        flags_end_at_operand=table.get(
            "flags_end_at_operand", {each.origin for each in inside} & AT_ENDS == {"operands"}
        ),
        removed=table.get("removed", ""),
        complete_flags=table.get("complete_flags", False),
        required=tuple(table.get("required", ())),
        value_kinds=_kinds(table),
        raises=any(rule.result.effect not in {None, model.Effect.READ} for rule in flags),
    )


def _handed_down(root: Entry | None) -> tuple[Inside, ...]:
    """What sub-commands run as the plain tool does; their operands are their own."""
    own = {"operands", "none"}
    return tuple(each for each in root.inside if each.origin not in own) if root else ()


def _flag_kinds(table: Table) -> dict[str, str]:
    kinds = dict.fromkeys(table.get("switches", ()), "switch")
    kinds |= dict.fromkeys(table.get("optional_values", ()), "optional")
    return kinds | dict.fromkeys(table.get("values", ()), "value")


def _named_kinds(when: Iterable[When], inside: Iterable[Inside]) -> dict[str, str]:
    """Kinds of flags that conditions name, where the file lists them nowhere else."""
    kinds: dict[str, str] = {}
    for each in when:
        kind = "optional" if each.flag_values else "switch"
        kinds |= dict.fromkeys(each.flags, kind) | dict.fromkeys(each.no_flags, "switch")
    for part in inside:
        kinds |= dict.fromkeys(part.flags, "value")
    return kinds


def _result(table: Table) -> Result:
    return Result(
        effect=model.Effect(table["effect"]) if "effect" in table else None,
        traits=frozenset(model.Trait(each) for each in table.get("traits", ())),
        why=table.get("why", ""),
        look_first=table.get("look_first", ""),
        undo=table.get("undo", ""),
        record=table.get("record", ""),
        restore=table.get("restore", ""),
        target=table.get("target", ""),
        fine_exits={int(code): text for code, text in table.get("fine_exits", {}).items()},
    )


def _flag_rule(table: Table) -> FlagRule:
    return FlagRule(
        names=frozenset(table["names"]),
        values=_pattern(table, "values"),
        not_values=_pattern(table, "not_values"),
        result=_result(table),
    )


def _when(table: Table) -> When:
    return When(
        flags=_names(table.get("flags", ())),
        flag_values=_pattern(table, "flag_values"),
        no_flags=_names(table.get("no_flags", ())),
        operand=_pattern(table, "operand"),
        operands=_pattern(table, "operands"),
        all_operands=_pattern(table, "all_operands"),
        count=str(table.get("count", "")),
        result=_result(table),
    )


def _inside(table: Table) -> Inside:
    return Inside(
        origin=table["from"],
        language=table.get("language", "none"),
        skip=table.get("skip", 0),
        flags=_names(table.get("flags", ())),
        skip_assignments=table.get("skip_assignments", False),
        remote=table.get("remote", False),
        result=_result(table),
    )


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


def _pattern(table: Table, key: str) -> re.Pattern[str] | None:
    return lazy.pattern(table[key], re.DOTALL) if key in table else None

"""What may stand in a knowledge file; every mistake names the file, the key and what to do."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from midwatch.base import shape
from midwatch.commands import model, vocabulary


@shape.frozen
class Mistake:
    """Something wrong in a knowledge file, in one sentence that says what to do."""

    source: str
    key: str
    message: str


TEXT, NUMBER, SWITCH, TEXTS, REGEX, TEXT_MAP = (
    "text",
    "number",
    "true or false",
    "list",
    "regex",
    "map",
)
EFFECT, TRAITS, ORIGIN, LANGUAGE = "effect", "traits", "from", "language"
CHOICES = {
    EFFECT: frozenset(model.Effect),
    TRAITS: frozenset(model.Trait),
    ORIGIN: frozenset({"dashdash", "operands", "flag", "stdin", "none"}),
    LANGUAGE: vocabulary.of(
        "argv shell sql mysql cql clickhouse redis javascript request program script none"
    ),
}
RESULT = {
    "effect": EFFECT,
    "traits": TRAITS,
    "why": TEXT,
    "look_first": TEXT,
    "undo": TEXT,
    "record": TEXT,
    "restore": TEXT,
    "target": TEXT,
    "fine_exits": TEXT_MAP,
}
FLAG_RULE = RESULT | {"names": TEXTS, "values": REGEX, "not_values": REGEX}
WHEN = RESULT | {
    "flags": TEXTS,
    "flag_values": REGEX,
    "no_flags": TEXTS,
    "operand": REGEX,
    "operands": REGEX,
    "all_operands": REGEX,
    "count": TEXT,
}
INSIDE = RESULT | {
    "from": ORIGIN,
    "language": LANGUAGE,
    "skip": NUMBER,
    "flags": TEXTS,
    "skip_assignments": SWITCH,
    "remote": SWITCH,
}
VERBS = RESULT | {"words": REGEX}
TABLES = {"flags": FLAG_RULE, "when": WHEN, "inside": INSIDE}
COMMAND = RESULT | {
    "values": TEXTS,
    "switches": TEXTS,
    "optional_values": TEXTS,
    "aliases": TEXTS,
    "flags": "tables",
    "when": "tables",
    "inside": "tables",
    "flags_end_at_operand": SWITCH,
    "complete_flags": SWITCH,
    "required": TEXTS,
    "removed": TEXT,
    "kinds": TEXT_MAP,
    "docs": TEXT,
}
TOOL = COMMAND | {
    "tool": TEXT,
    "long_single_dash": SWITCH,
    "abbreviations": SWITCH,
    "complete_commands": SWITCH,
    "examples": TEXT,
    "verbs": "tables",
    "verbs_from": NUMBER,
    "verbs_until": NUMBER,
    "sources": TEXT_MAP,
    "carry": TEXTS,
    "analyser": TEXT,
    "commands": "commands",
    "alike": "tables",
}
GROUPS = {"verbs": VERBS, "alike": COMMAND | {"commands": TEXTS}}
"""Lists of tables that only a whole tool has: `alike` describes several sub-commands at once."""
NEEDED = {"flags": "names", "inside": "from", "verbs": "words", "alike": "commands"}


def mistakes_in_file(path: Path) -> list[Mistake]:
    """Everything wrong in one knowledge file."""
    source = str(path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return [Mistake(source, "", f"{source} is not valid TOML: {error}.")]
    except OSError as error:
        return [Mistake(source, "", f"{source} could not be read: {error.strerror}.")]
    found = list(mistakes(table, source))
    if not found and table["tool"] != path.stem:
        message = (
            f"{source}: `tool` is {table['tool']!r}; it must be the file's name, {path.stem!r}."
        )
        found.append(Mistake(source, "tool", message))
    return found


def mistakes(table: Mapping[str, Any], source: str) -> Iterator[Mistake]:
    """Everything wrong in one knowledge file's table."""
    if "tool" not in table:
        yield Mistake(source, "tool", f'{source}: `tool` is missing; add tool = "name".')
    yield from _table(table, TOOL, source, "")
    yield from _examples(table.get("examples", ""), source)


def _table(
    table: Mapping[str, Any], allowed: Mapping[str, str], source: str, place: str
) -> Iterator[Mistake]:
    for key, value in table.items():
        name = f"{place}.{key}" if place else key
        kind = allowed.get(key)
        if kind is None:
            close = difflib.get_close_matches(key, allowed, n=1)
            advice = (
                f"did you mean `{close[0]}`?" if close else f"known: {', '.join(sorted(allowed))}."
            )
            yield Mistake(source, name, f"{source}: nothing is called `{name}`; {advice}")
        elif kind == "tables":
            yield from _tables(key, value, source, name)
        elif kind == "commands":
            yield from _commands(value, source, name)
        else:
            problem = _wrong(kind, value)
            if problem:
                yield Mistake(source, name, f"{source}: `{name}` {problem}")
    if "record" in table and "restore" not in table:
        name = f"{place}.record" if place else "record"
        yield Mistake(source, name, f"{source}: `{name}` needs `restore`, which uses it.")


def _tables(key: str, value: object, source: str, place: str) -> Iterator[Mistake]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        message = f"{source}: `{place}` must be a list of tables; write [[{place}]]."
        yield Mistake(source, place, message)
        return
    allowed = GROUPS[key] if key in GROUPS else TABLES[key]
    for number, each in enumerate(value):
        name = f"{place}[{number}]"
        needed = NEEDED.get(key)
        if needed and needed not in each:
            yield Mistake(source, name, f"{source}: `{name}` needs `{needed}`; add it.")
        yield from _table(each, allowed, source, name)


def _commands(value: object, source: str, place: str) -> Iterator[Mistake]:
    if not isinstance(value, dict):
        yield Mistake(source, place, f"{source}: write [commands.NAME] tables for `{place}`.")
        return
    for name, command in value.items():
        if isinstance(command, dict):
            yield from _table(command, COMMAND, source, f"{place}.{name}")
        else:
            message = f"{source}: `{place}.{name}` must be a table; write [{place}.{name}]."
            yield Mistake(source, f"{place}.{name}", message)


def _wrong(kind: str, value: object) -> str:
    """What is wrong with a value of that kind, or nothing."""
    if kind in {TEXT, REGEX, EFFECT, ORIGIN, LANGUAGE} and not isinstance(value, str):
        return f"must be text in quotes, not {value!r}."
    if kind in {TEXTS, TRAITS} and not _is_texts(value):
        return 'must be a list of texts, such as ["-n", "--namespace"].'
    if kind == NUMBER and (not isinstance(value, int) or isinstance(value, bool)):
        return f"must be a number, not {value!r}."
    if kind == SWITCH and not isinstance(value, bool):
        return f"must be true or false, not {value!r}."
    if kind == TEXT_MAP and not _is_text_map(value):
        return 'must be a table of texts, such as { "-n" = "namespace" }.'
    if kind == REGEX:
        return _wrong_regex(str(value))
    return _wrong_choice(kind, value)


def _wrong_choice(kind: str, value: object) -> str:
    given = value if isinstance(value, list) else [value]
    strange = [each for each in given if each not in CHOICES[kind]] if kind in CHOICES else []
    if not strange:
        return ""
    return f"cannot be {strange[0]!r}; it is one of {', '.join(sorted(CHOICES[kind]))}."


def _wrong_regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        return f"is no regular expression: {error}."
    return ""


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_text_map(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _examples(value: object, source: str) -> Iterator[Mistake]:
    if not isinstance(value, str):
        return
    for line in value.splitlines():
        if not line.strip():
            continue
        head, bar, command = line.partition("|")
        words = head.split()
        traits = [word.removeprefix("+") for word in words[1:]]
        right = bar and words and words[0] in CHOICES[EFFECT] and command.strip()
        if not right or not all(each in CHOICES[TRAITS] for each in traits):
            message = f"{source}: the example {line.strip()!r} must read `effect +trait | command`."
            yield Mistake(source, "examples", message)

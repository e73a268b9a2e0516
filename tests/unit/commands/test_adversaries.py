"""A command that changes something is never called `read`, however it is dressed up."""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from midwatch.commands import model, reading

CASES = Path(__file__).parents[2] / "cases" / "commands"
LOOK_ALIKES = str.maketrans("aceiopsxy", "асеіорѕху")  # noqa: RUF001  (Cyrillic on purpose)
EVERY = 1 if os.environ.get("MIDWATCH_LONG") else 5
"""Each structure with each command, or each with every fifth: all structures and all commands."""
MARKS = ("{command}", "{quoted}", "{first}", "{rest}")


def dangerous() -> list[tuple[str, model.Effect]]:
    table = tomllib.loads((CASES / "dangerous.toml").read_text(encoding="utf-8"))
    return [
        (line, model.Effect(group["least"]))
        for group in table["command"]
        for line in group["lines"].splitlines()
        if line
    ]


def structures() -> dict[str, list[str]]:
    table = tomllib.loads((CASES / "structures.toml").read_text(encoding="utf-8"))
    return {group["name"]: list(templates(group["lines"])) for group in table["structure"]}


def templates(lines: str) -> Iterator[str]:
    """One a line, but here-documents and continued lines go on to their end."""
    gathered: list[str] = []
    for line in lines.splitlines():
        gathered.append(line)
        text = "\n".join(gathered)
        open_heredoc = "END" in gathered[0] and line != "END"
        if line and not open_heredoc and not line.endswith("\\"):
            yield text
            gathered = []


def wrapped(template: str, command: str) -> str:
    first, _, rest = command.partition(" ")
    text = template
    for mark, value in zip(MARKS, (command, shlex.quote(command), first, rest), strict=True):
        text = text.replace(mark, value)
    return text


def effects(texts: list[str]) -> list[model.Effect]:
    return [
        model.worst(statement.effect for statement in read.statements)
        for read in reading.read_many(texts)
    ]


def called_read(texts: list[str]) -> list[str]:
    judged = zip(texts, effects(texts), strict=True)
    return [text for text, effect in judged if effect is model.Effect.READ]


@pytest.mark.parametrize("name", structures())
def test_a_change_is_never_called_read_in_any_structure(name: str) -> None:
    texts = [
        wrapped(template, command)
        for row, template in enumerate(structures()[name])
        for column, (command, _) in enumerate(dangerous())
        if (row + column) % EVERY == 0
    ]

    assert called_read(texts) == []


def test_a_dangerous_command_by_itself_is_called_what_it_is() -> None:
    cases = dangerous()

    judged = effects([command for command, _ in cases])

    weaker = [
        (command, effect)
        for (command, least), effect in zip(cases, judged, strict=True)
        if model.RANK[effect] < model.RANK[least]
    ]
    assert weaker == []


def test_look_alike_letters_do_not_make_a_command_harmless() -> None:
    commands = [command for command, _ in dangerous()]
    texts = [
        command.partition(" ")[0].translate(LOOK_ALIKES) + " " + command.partition(" ")[2]
        for command in commands
    ]

    assert called_read(texts) == []


def test_quotes_and_backslashes_inside_the_verb_do_not_hide_it() -> None:
    texts: list[str] = []
    for command, _ in dangerous():
        first, _, rest = command.partition(" ")
        head, tail = first[0], first[1:]
        texts += [
            f'{head}""{tail} {rest}',
            f"{head}''{tail} {rest}",
            f"{head}\\{tail} {rest}",
            f"{head}\\\n{tail} {rest}",
            f"$'\\x{ord(head):02x}{tail}' {rest}",
            f"$'\\{ord(head):03o}'{tail} {rest}",
        ]

    assert called_read(texts) == []


def test_disguised_verbs_are_called_as_strictly_as_plain_ones() -> None:
    destroying = [command for command, least in dangerous() if least is model.Effect.DESTROY]
    texts: list[str] = []
    for command in destroying:
        first, _, rest = command.partition(" ")
        texts += [f"\\{first} {rest}", f"'{first}' {rest}", f"/usr/bin/{first} {rest}"]
        texts += [f"sudo {command}", f"sh -c {shlex.quote(command)}", f"V={first}; $V {rest}"]

    judged = dict(zip(texts, effects(texts), strict=True))

    assert [text for text, effect in judged.items() if effect is not model.Effect.DESTROY] == []

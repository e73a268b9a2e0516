"""What tools had once and have no more: read from `tables/gone`, one file a tool."""

from __future__ import annotations

import enum
import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from midwatch.base import lazy, shape
from midwatch.checks import facts, model
from midwatch.commands import model as commands

FOLDER = Path(__file__).parent / "tables" / "gone"
NAME = lazy.pattern(r"[\w.-]{1,100}", re.ASCII)
ALWAYS = ("-h", "--help")


class State(enum.StrEnum):
    """How far gone something is."""

    REMOVED = "removed"
    DEPRECATED = "deprecated"
    """It works, and is on its way out."""
    MISSING = "missing"
    """It works where somebody installed it: new machines come without."""


@shape.frozen
class Gone:
    """One thing that a tool had: a sub-command, some flags, a word, or the tool itself."""

    since: str
    instead: str
    """What takes its place, as Markdown."""
    command: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    operand: re.Pattern[str] | None = None
    without: tuple[str, ...] = ()
    """Flags that make it well."""
    unless: str = ""
    """A word of the document that says it is about something else, such as MariaDB."""
    what: str = ""
    """How people call it, where its own name does not say."""
    new: str = ""
    """What may be written in its place, and means the same."""
    state: State = State.REMOVED
    severity: model.Severity | None = None
    bare: bool = False
    """It is a command to be run inside, without the `--` before it."""

    @property
    def whole_tool(self) -> bool:
        """Whether it is the tool itself."""
        return not (self.command or self.flags or self.operand or self.bare)


@shape.frozen
class Use:
    """A use of something gone: the words that use it."""

    gone: Gone
    part: str


def uses(command: commands.Command) -> Iterator[Use]:
    """Everything a command uses that is gone."""
    given = facts.words(command)
    if not given:
        return
    written = given[0].rpartition("/")[2].removesuffix(".sh")
    for name in dict.fromkeys((written, command.tool or "")):
        for each in known(name) if NAME.fullmatch(name) else ():
            meant = name == written or not each.whole_tool
            part = used(each, command, given) if meant else None
            if part is not None and not facts.has_flag(command, *ALWAYS):
                yield Use(each, part)


def used(gone: Gone, command: commands.Command, given: tuple[str, ...]) -> str | None:
    """The words by which a command uses something gone; None where it does not."""
    if gone.whole_tool:
        return given[0]
    words = (*command.path, *command.operands)
    if words[: len(gone.command)] != gone.command:
        return None
    if gone.without and facts.has_flag(command, *gone.without):
        return None
    if gone.bare:
        return "" if bare(command, given) else None
    own = given[: given.index("--")] if "--" in given else given
    if gone.flags:
        names = (word.partition("=")[0] for word in own)
        return next((name for name in names if name in gone.flags), None)
    if gone.operand:
        return next((w for w in own[1:] if gone.operand.fullmatch(w)), None)
    return " ".join(gone.command)


def bare(command: commands.Command, given: tuple[str, ...]) -> bool:
    """Whether a command to be run inside stands right behind the pod."""
    return "--" not in given and bool(command.inside) and len(command.operands) > 1


@functools.cache
def known(name: str) -> tuple[Gone, ...]:
    """What is gone of a tool."""
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        return ()
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(read(each) for each in table["gone"])


def read(table: Mapping[str, object]) -> Gone:
    """One entry of a file."""

    def text(key: str) -> str:
        return str(table.get(key, ""))

    def words(key: str) -> tuple[str, ...]:
        value = table.get(key, ())
        return tuple(map(str, value)) if isinstance(value, list) else ()

    return Gone(
        since=text("since"),
        instead=text("instead"),
        command=tuple(text("command").split()),
        flags=words("flags"),
        operand=re.compile(text("operand")) if "operand" in table else None,
        without=words("without"),
        unless=text("unless"),
        what=text("what"),
        new=text("new"),
        state=State(text("state") or State.REMOVED),
        severity=model.Severity(text("severity")) if "severity" in table else None,
        bare=bool(table.get("bare")),
    )

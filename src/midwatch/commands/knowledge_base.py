"""The tools Midwatch knows: one TOML file a tool, read when the tool is first met."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from midwatch.base import lazy, shape
from midwatch.commands import entries, knowledge_schema

BUILTIN = Path(__file__).parent / "knowledge"
NAME = lazy.pattern(r"[A-Za-z0-9_][A-Za-z0-9_.+@-]{0,99}")
SCRIPTED = lazy.pattern(r"((?:kafka|zookeeper|connect)-[a-z0-9-]+)\.sh")
"""Tools that ship as shell scripts and are known without the suffix."""


@shape.frozen
class Broken:
    """A knowledge file that cannot be used, and why."""

    source: str
    reason: str


class KnowledgeBase:
    """Finds what is known of a tool: the user's own files first, then those of Midwatch."""

    def __init__(self, folders: tuple[Path, ...], own: Mapping[str, entries.Tool | Broken]) -> None:
        self.folders = folders
        self._own = own
        self._aliases = _aliases(BUILTIN / "aliases.toml")
        self._tools: dict[str, entries.Tool | Broken | None] = {}

    @classmethod
    def builtin(cls) -> KnowledgeBase:
        """What Midwatch itself knows."""
        return _builtin()

    def extended(self, folder: Path) -> KnowledgeBase:
        """The same with a user's own folder in front; a folder that is not there adds nothing."""
        own: dict[str, entries.Tool | Broken] = dict(self._own)
        for path in sorted(folder.glob("*.toml")):
            tool = _checked(path)
            own[path.stem] = tool
            if isinstance(tool, entries.Tool):
                own |= dict.fromkeys((tool.name, *tool.aliases), tool)
        return KnowledgeBase((folder, *self.folders), own)

    def tool(self, name: str) -> entries.Tool | Broken | None:
        """What is known of the tool of that plain name."""
        if name in self._tools:
            return self._tools[name]
        tool = self._tools[name] = self._find(name)
        return tool

    def names(self) -> tuple[str, ...]:
        """Every tool with a file, in order."""
        files = {path.stem for path in BUILTIN.glob("*.toml")} - {"aliases"}
        return tuple(sorted(files | set(self._own)))

    def _find(self, name: str) -> entries.Tool | Broken | None:
        scripted = SCRIPTED.fullmatch(name)
        plain = scripted[1] if scripted else name
        if plain in self._own:
            return self._own[plain]
        plain = self._aliases.get(plain, plain)
        if plain in self._own:
            return self._own[plain]
        if plain == "aliases" or not NAME.fullmatch(plain):
            return None
        path = BUILTIN / f"{plain}.toml"
        return _builtin_tool(path) if path.is_file() else None


@functools.cache
def _builtin() -> KnowledgeBase:
    return KnowledgeBase((), {})


@functools.cache
def _builtin_tool(path: Path) -> entries.Tool | Broken:
    try:
        return entries.tool(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        return Broken(path.name, f"Midwatch's own knowledge file {path.name} is wrong: {error}")


def _checked(path: Path) -> entries.Tool | Broken:
    """A user's file, used only when it is right."""
    source = str(path)
    mistakes = knowledge_schema.mistakes_in_file(path)
    if mistakes:
        return Broken(source, mistakes[0].message)
    return entries.tool(tomllib.loads(path.read_text(encoding="utf-8")), source)


@functools.cache
def _aliases(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return {}
    table: Mapping[str, str] = tomllib.loads(path.read_text(encoding="utf-8")).get("aliases", {})
    return table

"""Explaining commands, and holding a team's own knowledge to its examples."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from midwatch.app import team_knowledge
from midwatch.base import errors
from midwatch.commands import explaining, knowledge_base, knowledge_examples, knowledge_schema

BATCH = 500
"""Commands read together; answers come in order, a batch at a time."""


def explain_each(texts: Iterable[str], place: Path) -> Iterator[explaining.Explanation]:
    """Each command explained, in order, with the knowledge that holds at a place."""
    knowledge = team_knowledge.near(place)
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == BATCH:
            yield from explaining.explain_many(batch, knowledge=knowledge)
            batch = []
    if batch:
        yield from explaining.explain_many(batch, knowledge=knowledge)


def lines(stream: Iterable[bytes], *, as_json: bool) -> Iterator[str]:
    """The commands of a stream, one a line; a JSON string may hold newlines."""
    for number, raw in enumerate(stream, start=1):
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        yield _unquoted(line, number) if as_json and line.startswith('"') else line


def _unquoted(line: str, number: int) -> str:
    try:
        return str(json.loads(line))
    except json.JSONDecodeError as error:
        raise errors.UserError(
            f"Line {number} of standard input begins like a JSON string but is none: {error.msg}.",
            "Quote the command as JSON, or leave out --json.",
        ) from error


def to_json(told: explaining.Explanation) -> str:
    """The explanation in the documented format, on one line."""
    return json.dumps(
        {
            "command": told.command,
            "effect": told.effect,
            "traits": list(told.traits),
            "parts": [_part(part) for part in told.parts],
            "why": told.why,
        },
        ensure_ascii=False,
    )


def _part(part: explaining.Part) -> dict[str, object]:
    return {
        "text": part.command,
        "effect": part.effect,
        "traits": list(part.traits),
        "tool": part.tool,
        "why": part.why,
        "target": part.target,
        "look_first": part.look_first,
        "undo": part.undo,
        "depth": part.depth,
    }


def check_knowledge(folder: Path) -> Sequence[str]:
    """What is wrong with the knowledge files of a folder, a sentence each."""
    files = sorted(path for path in folder.glob("*.toml") if path.name != "aliases.toml")
    if not files:
        raise errors.UserError(
            f"There is no knowledge file in {folder}.",
            "Write one as docs/reference/knowledge.md shows, such as postroomctl.toml.",
        )
    knowledge = knowledge_base.KnowledgeBase.builtin().extended(folder)
    faults: list[str] = []
    for path in files:
        mistakes = [mistake.message for mistake in knowledge_schema.mistakes_in_file(path)]
        faults += mistakes or knowledge_examples.failures(path, knowledge)
    return faults


def knowledge_text(name: str, place: Path) -> str:
    """The knowledge file that decides for a tool, as it stands."""
    knowledge = team_knowledge.near(place)
    tool = knowledge.tool(name)
    if tool is None:
        near = difflib.get_close_matches(name, knowledge.names(), n=1)
        raise errors.UserError(
            f"Midwatch knows nothing of `{name}`.",
            f"Did you mean `{near[0]}`?" if near else f"Teach it: .midwatch/knowledge/{name}.toml",
        )
    wanted = name if isinstance(tool, knowledge_base.Broken) else tool.name
    for folder in (*knowledge.folders, knowledge_base.BUILTIN):
        path = folder / f"{wanted}.toml"
        if path.is_file():
            return path.read_text(encoding="utf-8", errors="replace")
    raise errors.BugError(f"The knowledge of `{name}` has no file.")

"""What the knowledge of a tool says of a command's sub-commands and flags."""

from __future__ import annotations

from midwatch.base import lazy
from midwatch.commands import entries, knowledge_base
from midwatch.commands import model as commands

PLAIN = lazy.pattern(r"[a-z][a-z0-9-]*")


def tool(command: commands.Command) -> entries.Tool | None:
    """All that is known of the tool a command names."""
    if command.tool is None:
        return None
    found = knowledge_base.KnowledgeBase.builtin().tool(command.tool)
    return found if isinstance(found, entries.Tool) else None


def entry(command: commands.Command) -> entries.Entry | None:
    """What is known of the sub-command that a command calls."""
    known = tool(command)
    if known is None:
        return None
    found = known.root
    for word in command.path:
        child = found.children.get(word)
        if child is None:
            return None
        found = child
    return found


def open_ended(command: commands.Command) -> bool:
    """Whether some of its words may still become flags: `$OPTIONS`, `[options]`, `…`."""
    return any(
        (word.value is None and word.text.startswith("$"))
        or word.text.startswith(("[", "…", "...", "<", "{"))
        for word in command.words[1:]
    )

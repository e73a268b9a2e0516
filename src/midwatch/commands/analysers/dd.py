"""`dd`: where `of=` points to decides."""

from __future__ import annotations

from midwatch.commands import judging, redirections, words
from midwatch.commands.analysers import protocol


def verdict(case: protocol.Case) -> judging.Verdict:
    """Writing to a device destroys, to a file changes, to nothing reads."""
    parts = [judging.read("it copies to the terminal or to nowhere")]
    for argument in case.arguments[1:]:
        pattern = argument.pattern
        if pattern.startswith("of="):
            part = redirections.of_path(pattern[3:])
            parts += [part] if part else []
        elif argument.many or pattern.startswith(words.HOLE):
            parts.append(judging.unknown("some of its words are only known when it runs"))
    return judging.worst(parts)

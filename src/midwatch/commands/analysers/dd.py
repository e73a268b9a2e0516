"""`dd`: where `of=` points to decides."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.commands import given, judging, redirections, words


def verdict(
    found: given.Given,
    arguments: Sequence[words.Argument],
    supply: judging.Supply | None,
    judge: judging.Judge,
) -> judging.Verdict:
    """Writing to a device destroys, to a file changes, to nothing reads."""
    parts = [judging.read("it copies to the terminal or to nowhere")]
    for argument in arguments[1:]:
        pattern = argument.pattern
        if pattern.startswith("of="):
            part = redirections.of_path(pattern[3:])
            parts += [part] if part else []
        elif argument.many or pattern.startswith(words.HOLE):
            parts.append(judging.unknown("some of its words are only known when it runs"))
    return judging.worst(parts)

"""What stood in a file that a statement writes over: how it is kept, and put back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from midwatch.commands import model, redirections, syntax, variables, words

OVER = frozenset({">", ">>", ">|", "&>", "&>>"})


def kept(
    source: str, statement: syntax.Statement, commands: Sequence[model.Command]
) -> list[model.Command]:
    """The commands, each with the way back of the one file that it writes."""
    written = dict(_written(source, statement))
    return [
        dataclasses.replace(
            each,
            record=f"cat {written[each.span]}",
            restore=f"cp {{record_file}} {written[each.span]}",
        )
        if each.span in written and each.record is None
        else each
        for each in commands
    ]


def _written(source: str, statement: syntax.Statement) -> Iterator[tuple[model.Span, str]]:
    node = statement.node
    if isinstance(node, syntax.Pipeline):
        for part in node.statements:
            yield from _written(source, part)
    if not isinstance(node, syntax.Call):
        return
    found = [each.word for each in statement.redirections if _writes_over(each)]
    if len(found) == 1 and not _runs(found[0]):
        yield node.span, source[found[0].span.start : found[0].span.end]


def _writes_over(redirection: syntax.Redirection) -> bool:
    if redirection.operator not in OVER:
        return False
    risk = redirections.verdict(redirection, variables.NOTHING_KNOWN)
    return risk is not None and risk.effect is model.Effect.CHANGE


def _runs(word: syntax.Word) -> bool:
    """Whether to name the file, something would be run again."""
    return any(not isinstance(part, syntax.Literal | syntax.Parameter) for part in word.parts) or (
        words.text_of(word, variables.NOTHING_KNOWN).startswith("-")
    )

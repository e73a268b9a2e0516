"""Steps that stand in comments: instructions to a person, and commands behind a comment mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from midwatch.commands import model as shell
from midwatch.runbook import (
    blocks,
    comments,
    conditions,
    drafts,
    excerpts,
    languages,
    locating,
    model,
    phasing,
    placing,
    queries,
)

LONGEST = 400
"""Lines of one instruction; a longer comment is a text of its own."""


def instruction(
    block: blocks.Prepared, placed: placing.Placed, lines: Sequence[comments.Remark], text: str
) -> drafts.Draft:
    """What a comment tells a person to do."""
    rows = [(remark.raw.strip(), remark.line, _column(block, remark)) for remark in lines]
    draft = drafts.manual(
        excerpts.of(rows[:LONGEST]), placing.brief(text), phasing.refine(placed.phase, text)
    )
    asked = conditions.read(text)
    draft.condition = asked.condition if asked else placed.condition
    draft.fence_line = placed.passage.line
    return draft


def command(
    block: blocks.Prepared,
    placed: placing.Placed,
    remark: comments.Remark,
    readings: Mapping[int, shell.Reading],
) -> drafts.Draft:
    """A command behind a comment mark, to be typed by a person in another place."""
    text = remark.raw.strip()
    excerpt = excerpts.of([(text, remark.line, _column(block, remark))])
    sql = bool(languages.SQL.match(text)) or text.endswith(";")
    kind, language = (model.Kind.SQL, "sql") if sql else (model.Kind.SHELL, "bash")
    draft = drafts.Draft(excerpt, "", placed.phase, kind, language, shell.Effect.UNKNOWN)
    draft.choice, draft.option = placed.choice, placed.option
    draft.fence_line = placed.passage.line
    if sql:
        draft.effect, draft.traits, draft.why = queries.judge("sql", text)
        return draft
    found = block.commented.get(remark.line)
    reading = readings.get(id(found))
    if found is not None and reading is not None and len(reading.statements) == 1:
        _judge(draft, found, reading)
    return draft


def _judge(draft: drafts.Draft, excerpt: excerpts.Excerpt, reading: shell.Reading) -> None:
    """What the command behind the mark would do there."""
    statement = reading.statements[0]
    draft.excerpt = excerpt
    draft.effect, draft.traits, draft.why = statement.effect, statement.traits, statement.why
    draft.commands = locating.commands(excerpt, statement.commands)
    draft.placeholders = reading.placeholders
    draft.sets, draft.uses = statement.sets, statement.uses
    draft.captures, draft.reveals = statement.captures, statement.reveals


def _column(block: blocks.Prepared, remark: comments.Remark) -> int:
    at = block.typed.text.find(remark.raw.strip(), remark.start)
    return block.typed.place(max(at, remark.start)).column

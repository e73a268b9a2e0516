"""Blocks that are no shell as steps: SQL statements, PromQL queries, requests, manifests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.commands import model as commands
from midwatch.commands.embedded import languages as embedded
from midwatch.runbook import blocks, drafts, excerpts, languages, model, phasing, placing

COMMENT = lazy.pattern(r"\s*(?:--|#|//)\s?(?P<text>.*)$")
CHARACTER = lazy.pattern(
    r"""'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$|;""",
    re.DOTALL,
)
BETWEEN_QUERIES = lazy.pattern(r"\n[ \t]*\n|\n(?=[ \t]*#)")
BETWEEN_REQUESTS = lazy.pattern(
    r"\n(?=[ \t]*(?:#|//))|\n[ \t]*\n(?=[ \t]*(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)[ \t]+\S)"
)
"""A blank line parts a request's head from its body, and no request from the next."""
DATABASE = lazy.pattern(r"[\w-]{1,40}[=(]?[#>][ \t]+(?=\S)|\w+>[ \t]+(?=\S)")


def sql(block: blocks.Prepared, placed: placing.Placed) -> list[drafts.Draft]:
    """Each statement of an SQL block as a step, its comment as the title."""
    found = []
    for excerpt in _statements(block.typed):
        title, body = _titled(excerpt)
        if body is not None:
            draft = _draft(block, placed, body, title)
            draft.kind, draft.language = model.Kind.SQL, "sql"
            draft.effect, draft.traits, draft.why = judge("sql", body.text)
            found.append(draft)
    return found


def judge(language: str, text: str) -> tuple[commands.Effect, frozenset[commands.Trait], str]:
    """What a statement in an embedded language does."""
    verdict = embedded.verdict(language, text)
    return verdict.effect, frozenset(verdict.traits), verdict.why


def promql(block: blocks.Prepared, placed: placing.Placed) -> list[drafts.Draft]:
    """Each query of a PromQL block as a step; queries are parted by blank lines and comments."""
    found = []
    for excerpt in _parted(block.typed, BETWEEN_QUERIES):
        title, body = _titled(excerpt)
        if body is not None and languages.parses(body.text):
            draft = _draft(block, placed, body, title)
            draft.kind, draft.language = model.Kind.PROMQL, "promql"
            draft.effect, draft.why = commands.Effect.READ, "a PromQL query only reads"
            found.append(draft)
    return found


def request(block: blocks.Prepared, placed: placing.Placed) -> list[drafts.Draft]:
    """Each request of an HTTP block as a step."""
    found = []
    for excerpt in _parted(block.typed, BETWEEN_REQUESTS):
        title, body = _titled(excerpt)
        if body is None or not languages.REQUEST.match(body.text.split("\n", 1)[0]):
            continue
        draft = _draft(block, placed, body, title)
        draft.kind, draft.language = model.Kind.HTTP, "http"
        method = body.text.split(None, 1)[0].upper()
        if method in {"GET", "HEAD", "OPTIONS"}:
            draft.effect, draft.why = commands.Effect.READ, f"{method} only reads"
        else:
            draft.effect, draft.why = commands.Effect.CHANGE, f"{method} changes what it is sent to"
        found.append(draft)
    return found


def whole(block: blocks.Prepared, placed: placing.Placed) -> drafts.Draft:
    """A script or manifest as one step."""
    draft = _draft(block, placed, block.typed, "")
    draft.language, draft.file_name = block.language, block.file_name
    if block.role == "script":
        draft.kind = model.Kind.SCRIPT
        draft.title = f"Save {block.file_name}" if block.file_name else draft.title
        draft.effect = commands.Effect.UNKNOWN
        draft.why = f"what a {block.language} script does is not known"
    else:
        draft.kind, draft.effect = model.Kind.MANIFEST, commands.Effect.CHANGE
        draft.why = "applying a manifest changes the cluster"
    return draft


def _draft(
    block: blocks.Prepared, placed: placing.Placed, excerpt: excerpts.Excerpt, title: str
) -> drafts.Draft:
    named = title or placed.title
    return drafts.Draft(
        excerpt,
        placing.brief(named),
        phasing.refine(placed.phase, named),
        model.Kind.SQL,
        block.language,
        commands.Effect.UNKNOWN,
        choice=placed.choice,
        option=placed.option,
        condition=placed.condition,
        context=placed.context,
        fence_line=placed.passage.line,
        file_name=block.file_name,
    )


def _statements(excerpt: excerpts.Excerpt) -> Iterator[excerpts.Excerpt]:
    start = 0
    for match in CHARACTER.finditer(excerpt.text):
        if match.group() == ";":
            yield excerpt.part(start, match.end())
            start = match.end()
    if excerpt.text[start:].strip():
        yield excerpt.part(start, len(excerpt.text))


def _parted(excerpt: excerpts.Excerpt, between: re.Pattern[str]) -> Iterator[excerpts.Excerpt]:
    start = 0
    for match in between.finditer(excerpt.text):
        yield excerpt.part(start, match.start())
        start = match.end()
    yield excerpt.part(start, len(excerpt.text))


def _titled(excerpt: excerpts.Excerpt) -> tuple[str, excerpts.Excerpt | None]:
    """The last comment before the text, and the text; no text where there is none."""
    title, at = "", 0
    for line in excerpt.text.split("\n"):
        comment = COMMENT.match(line)
        if line.strip() and comment is None:
            break
        if comment:
            title = comment.group("text").strip().rstrip(":") or title
        at += len(line) + 1
    body = excerpt.text[at:]
    if not body.strip():
        return title, None
    lead = len(body) - len(body.lstrip())
    return title, excerpt.part(at + lead, at + len(body.rstrip()))

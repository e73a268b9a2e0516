"""Markdown into passages, by markdown-it; inline marks are left as they are."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator

import markdown_it
from markdown_it import token as tokens
from mdit_py_plugins import front_matter as front_matter_plugin

from midwatch.base import lazy
from midwatch.runbook import excerpts, passages
from midwatch.runbook import source as sources

CHUNK = 2_000
"""Lines parsed at a time: the parser's tokens of a whole large file would fill the memory."""

NESTING = 64
"""How deep lists and quotes are followed; nobody reads deeper, and depth must stay bounded."""

TASK = lazy.pattern(r"\[[ xX]\][ \t]+(?=\S)")
FENCE = lazy.pattern(r" {0,3}(`{3,}|~{3,})")
KEYED = lazy.pattern(
    r"^\W{0,6}\*\*[^*\n]{1,80}(?::\*\*|\*\*\s*(?:\([^()\n]*\))?\s*:)", re.MULTILINE
)
HEADING = lazy.pattern(r"#{1,6}[ \t]+\S")


@dataclasses.dataclass(slots=True)
class _Walk:
    """Where the walk over the parser's tokens stands."""

    source: sources.Source
    offset: int
    items: list[passages.Item]
    lists: list[tuple[bool, int]]
    fresh: bool = False
    quotes: int = 0
    heading: int = 0
    rows: list[list[excerpts.Excerpt]] | None = None
    reach: int = 0
    """How far along its line the table's row has been read."""


@functools.cache
def _parser() -> markdown_it.MarkdownIt:
    parser = markdown_it.MarkdownIt("commonmark", {"maxNesting": NESTING}).enable("table")
    parser.use(front_matter_plugin.front_matter_plugin)
    parser.core.ruler.disable(["inline", "text_join"])
    return parser


def read(source: sources.Source) -> tuple[list[passages.Passage], str]:
    """The document's passages in order, and its front matter."""
    found: list[passages.Passage] = []
    front = ""
    for offset, text in _chunks(source):
        stream = _parser().parse(text)
        if not offset and stream and stream[0].type == "front_matter":
            front = stream[0].content
        found.extend(_walk(_Walk(source, offset, [], []), stream))
    return found, front


def _chunks(source: sources.Source) -> Iterator[tuple[int, str]]:
    """Pieces of the document with the lines before each, cut only where a heading begins."""
    begin = 0
    fence = ""
    for number, line in enumerate(source.lines):
        mark = FENCE.match(line)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and line.strip().startswith(fence) and not line.strip(" " + fence[0]):
            fence = ""
        elif number - begin >= CHUNK and not fence and HEADING.match(line):
            yield begin, "\n".join(source.lines[begin:number])
            begin = number
    yield begin, "\n".join(source.lines[begin:])


def _walk(walk: _Walk, stream: Iterable[tokens.Token]) -> Iterator[passages.Passage]:
    for token in stream:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                walk.lists.append((token.type[0] == "o", _first(walk, token)))
            case "bullet_list_close" | "ordered_list_close":
                walk.lists.pop()
            case "list_item_open":
                walk.items.append(_item(walk, token))
                walk.fresh = True
            case "list_item_close":
                walk.items.pop()
                walk.fresh = False
            case "blockquote_open":
                walk.quotes += 1
            case "blockquote_close":
                walk.quotes -= 1
            case _:
                yield from _leaf(walk, token)


def _leaf(walk: _Walk, token: tokens.Token) -> Iterator[passages.Passage]:
    match token.type:
        case "heading_open":
            walk.heading = int(token.tag[1])
        case "heading_close":
            walk.heading = 0
        case "inline" if walk.rows is None:
            yield from _parted(_paragraph(walk, token))
        case "fence" | "code_block":
            yield _block(walk, token)
        case "html_block":
            yield _passage(walk, passages.Shape.HTML, _lines(walk, token, token.content))
        case "hr":
            yield _passage(walk, passages.Shape.LINE, _lines(walk, token, ""))
        case _:
            yield from _tabular(walk, token)


def _tabular(walk: _Walk, token: tokens.Token) -> Iterator[passages.Passage]:
    match token.type:
        case "table_open":
            walk.rows = []
        case "tr_open" if walk.rows is not None:
            walk.rows.append([])
            walk.reach = 0
        case "inline" if walk.rows is not None:
            walk.rows[-1].append(_cell(walk, token))
        case "table_close":
            yield _table(walk)
            walk.rows = None


def _first(walk: _Walk, token: tokens.Token) -> int:
    return (token.map[0] if token.map else 0) + walk.offset + 1


def _item(walk: _Walk, token: tokens.Token) -> passages.Item:
    ordered, list_line = walk.lists[-1]
    number = int(token.info) if ordered and token.info.isdecimal() else None
    return passages.Item(_first(walk, token), number, len(walk.items) + 1, list_line)


def _lines(walk: _Walk, token: tokens.Token, content: str) -> excerpts.Excerpt:
    return excerpts.locate(walk.source, _first(walk, token), content.removesuffix("\n"))


def _passage(
    walk: _Walk, shape: passages.Shape, excerpt: excerpts.Excerpt, end_line: int = 0
) -> passages.Passage:
    walk.fresh = False
    end = end_line or excerpt.end_line
    items, quoted = tuple(walk.items), walk.quotes > 0
    return passages.Passage(shape, excerpt, excerpt.line, end, items, quoted)


def _paragraph(walk: _Walk, token: tokens.Token) -> passages.Passage:
    excerpt = _lines(walk, token, token.content)
    if walk.heading:
        found = _passage(walk, passages.Shape.HEADING, excerpt)
        return dataclasses.replace(found, level=walk.heading)
    head = walk.fresh and bool(walk.items)
    mark = TASK.match(excerpt.text) if head else None
    if mark:
        excerpt = excerpt.part(mark.end(), len(excerpt.text))
    found = _passage(walk, passages.Shape.PARAGRAPH, excerpt)
    return dataclasses.replace(found, head=head, task=mark is not None)


def _parted(passage: passages.Passage) -> Iterator[passages.Passage]:
    """A paragraph of bold keys and values, each on its line, as a paragraph a key."""
    excerpt = passage.excerpt
    starts = [match.start() for match in KEYED.finditer(excerpt.text)]
    if len(starts) <= 1 or starts[0] or passage.shape is not passages.Shape.PARAGRAPH:
        yield passage
        return
    for start, end in zip(starts, [*starts[1:], len(excerpt.text) + 1], strict=True):
        part = excerpt.part(start, end - 1)
        yield dataclasses.replace(
            passage,
            excerpt=part,
            line=part.line,
            end_line=part.end_line,
            head=passage.head and not start,
        )


def _block(walk: _Walk, token: tokens.Token) -> passages.Passage:
    first = _first(walk, token)
    last = (token.map[1] if token.map else 1) + walk.offset
    fenced = token.type == "fence"
    content = token.content.removesuffix("\n")
    excerpt = excerpts.locate(walk.source, first + fenced, content)
    found = _passage(walk, passages.Shape.BLOCK, excerpt, last)
    return dataclasses.replace(found, line=first, info=token.info.strip(), fenced=fenced)


def _cell(walk: _Walk, token: tokens.Token) -> excerpts.Excerpt:
    line = _first(walk, token)
    written = walk.source.line(line)
    at = written.find(token.content, walk.reach)
    if at < 0:
        at = max(written.find(token.content.replace("|", "\\|"), walk.reach), 0)
    walk.reach = at + len(token.content)
    return excerpts.of([(token.content, line, at + 1)])


def _table(walk: _Walk) -> passages.Passage:
    rows = tuple(tuple(row) for row in walk.rows or () if row)
    first = rows[0][0] if rows else excerpts.of([])
    end = rows[-1][0].line if rows else first.line
    found = _passage(walk, passages.Shape.TABLE, first, end)
    return dataclasses.replace(found, rows=rows)

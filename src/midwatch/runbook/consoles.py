"""Terminal sessions: prompts come off, what was typed is kept, what was answered is output."""

from __future__ import annotations

import re

from midwatch.base import lazy, shape
from midwatch.runbook import commandlines, excerpts

TAGS = frozenset(
    {
        "console",
        "shell-session",
        "shellsession",
        "terminal",
        "sh-session",
        "session",
        "bash-session",
    }
)
DOLLAR = lazy.pattern(r"\s*\$[ \t]+(?=\S)")
ROOT = lazy.pattern(r"\s*#[ \t]+(?=\S)")
ANGLE = lazy.pattern(r"\s*>[ \t]+(?=\S)")
HOST = lazy.pattern(
    r"\s*(?:\([\w.-]{1,40}\)[ \t]*)?"
    r"(?:\[[\w.-]{1,40}@[^\]\n]{1,80}\]|[\w.-]{1,40}@[\w.-]{1,80}(?::[^\s$#>]{0,120})?|(?:sh|bash)-\d[\d.]*|/[\w/.-]{0,80})"
    r"[ \t]?[$#%][ \t]*(?=\S|$)"
)
POWERSHELL = lazy.pattern(r"\s*PS [A-Z]:\\[^>\n]{0,120}>[ \t]*(?=\S)")
FANCY = lazy.pattern(r"\s*[\u276f\u279c\u03bb\u00bb][ \t]+(?=\S)")
DATABASE = lazy.pattern(
    r"\s*(?:\w[\w-]{0,40}(?:=[#>]|=>)|(?:mysql|sqlite|cqlsh(?::\w{1,40})?)>"
    r"|MariaDB \[[^\]\n]{0,60}\]>)[ \t]+(?=\S)"
)
MORE = lazy.pattern(r"\s*(?:\w[\w-]{0,40}[-('\"][#>]|->|\.\.\.>)[ \t]+")
HEREDOC = lazy.pattern(r"<<-?\s*(?:\\?([A-Za-z_]\w*)|'([^'\n]+)'|\"([^\"\n]+)\")")
CONTINUATION = lazy.pattern(r"\s*>[ \t]?")
LIMIT = 400
"""Lines a single typed command may run over; an open quote must not swallow a whole file."""


@shape.frozen
class Output:
    """Lines that a command answered with."""

    line: int
    text: str


@shape.frozen
class Session:
    """What was typed, without prompts, and what was answered."""

    typed: excerpts.Excerpt
    outputs: tuple[Output, ...]


def prompt(lines: list[str], tag: str) -> re.Pattern[str] | None:
    """The prompt that these lines use, if they are a session."""
    if any(DOLLAR.match(line) for line in lines):
        return DOLLAR
    for pattern in (HOST, POWERSHELL, FANCY):
        if any(pattern.match(line) and _typed(line, pattern) for line in lines):
            return pattern
    if _rooted(lines, tag, ROOT):
        return ROOT
    if _rooted(lines, tag, ANGLE):
        return ANGLE
    return None


def _typed(line: str, pattern: re.Pattern[str]) -> bool:
    match = pattern.match(line)
    return match is not None and commandlines.likely(line[match.end() :])


def _rooted(lines: list[str], tag: str, pattern: re.Pattern[str]) -> bool:
    """Whether `# ` or `> ` is a prompt here: what follows are commands, and nothing else is one."""
    marked = [line for line in lines if pattern.match(line)]
    if not marked:
        return False
    plain = [line for line in lines if line.strip() and not pattern.match(line)]
    if any(commandlines.sure(line) for line in plain):
        return False
    commands = [line for line in marked if _typed(line, pattern)]
    if tag not in TAGS and not plain and pattern is ROOT:
        return False
    return bool(commands) and _typed(marked[0], pattern) and 2 * len(commands) > len(marked)


def read(excerpt: excerpts.Excerpt, pattern: re.Pattern[str]) -> Session:
    """The session's commands and their output."""
    lines = excerpt.lines()
    typed: list[tuple[str, int, int]] = []
    outputs: list[Output] = []
    index = 0
    while index < len(lines):
        line, origin = lines[index], excerpt.origins[index]
        match = pattern.match(line) or HOST.match(line)
        if match and line[match.end() :].strip():
            size = _size(lines, index, match.end())
            typed.extend(_rows(excerpt, lines[index : index + size], index, match.end()))
            index += size
            continue
        if _kept(line, typed, outputs, pattern):
            typed.append((line, origin.line, origin.column))
        elif line.strip():
            outputs.append(Output(origin.line, line.rstrip()))
        elif outputs and typed and typed[-1][0]:
            typed.append(("", origin.line, origin.column))
        index += 1
    return Session(excerpts.of(typed), _joined(outputs))


def database(excerpt: excerpts.Excerpt) -> Session | None:
    """A session at a database's prompt, as its statements and answers."""
    lines = excerpt.lines()
    if not any(DATABASE.match(line) for line in lines):
        return None
    typed: list[tuple[str, int, int]] = []
    outputs: list[Output] = []
    unfinished = False
    for line, origin in zip(lines, excerpt.origins, strict=True):
        match = DATABASE.match(line) or (MORE.match(line) if unfinished else None)
        if match or unfinished:
            cut = match.end() if match else 0
            typed.append((line[cut:], origin.line, origin.column + cut))
            unfinished = not line.rstrip().endswith((";", "\\G", "\\gx")) and not line[
                cut:
            ].startswith("\\")
        elif line.strip():
            outputs.append(Output(origin.line, line.rstrip()))
    return Session(excerpts.of(typed), _joined(outputs))


def _kept(
    line: str, typed: list[tuple[str, int, int]], outputs: list[Output], pattern: re.Pattern[str]
) -> bool:
    """Whether an unprompted line still belongs to what is typed: comments, blanks, early lines."""
    if not line.strip():
        return not outputs
    if line.lstrip().startswith("#") and pattern is not ROOT:
        return True
    return not typed and commandlines.sure(line)


def _size(lines: list[str], index: int, start: int) -> int:
    """How many lines the command that begins here runs over."""
    text = lines[index][start:]
    ending = HEREDOC.search(text)
    if ending:
        word = next(group for group in ending.groups() if group)
        for size, line in enumerate(lines[index + 1 : index + 1 + LIMIT], 2):
            if CONTINUATION.sub("", line, count=1).strip() == word or line.strip() == word:
                return size
        return 1
    size = 1
    quote = _quote(text, "")
    while index + size < len(lines) and size < LIMIT and (_open(text) or quote):
        text = lines[index + size]
        quote = _quote(text, quote)
        size += 1
    return size if not quote else 1


def _open(text: str) -> bool:
    bare = text.rstrip()
    return bare.endswith(("\\", "|", "&&", "||")) and not bare.endswith("\\\\")


def _quote(text: str, quote: str) -> str:
    """The quote still open after the text."""
    escaped = False
    for index, character in enumerate(text):
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "#" and (not index or text[index - 1].isspace()):
            break
    return quote


def _rows(
    excerpt: excerpts.Excerpt, lines: list[str], index: int, start: int
) -> list[tuple[str, int, int]]:
    rows = [(lines[0][start:], start)]
    quoted = all(CONTINUATION.match(line) for line in lines[1:])
    for line in lines[1:]:
        mark = CONTINUATION.match(line) if quoted else None
        rows.append((line[mark.end() :], mark.end()) if mark else (line, 0))
    origins = excerpt.origins[index : index + len(lines)]
    return [
        (text, origin.line, origin.column + cut)
        for (text, cut), origin in zip(rows, origins, strict=True)
    ]


def _joined(outputs: list[Output]) -> tuple[Output, ...]:
    """Neighbouring lines of output as one."""
    joined: list[list[Output]] = []
    for output in outputs:
        if joined and joined[-1][-1].line == output.line - 1:
            joined[-1].append(output)
        else:
            joined.append([output])
    return tuple(Output(group[0].line, "\n".join(each.text for each in group)) for group in joined)

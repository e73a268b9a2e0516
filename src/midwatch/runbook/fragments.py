"""Configuration that stands between the commands of a block: shown to be copied, never run."""

from __future__ import annotations

from midwatch.base import lazy
from midwatch.runbook import commandlines, consoles, excerpts, languages

OPENING = lazy.pattern(r"\s*(?:- )?[A-Za-z_][\w.-]*:\s*(?:#.*)?$")
ENTRY = lazy.pattern(r"\s+\S|\s*- \S|[A-Za-z_\"'][\w./\"'-]*:(?:\s|$)|\s*#|\s*[}\]]")
HEREDOC = consoles.HEREDOC


def strip(excerpt: excerpts.Excerpt) -> tuple[excerpts.Excerpt, tuple[consoles.Output, ...]]:
    """The excerpt without lines of configuration, and those lines; line numbers stay right."""
    lines = excerpt.lines()
    if not any(OPENING.match(line) or languages.is_output(line) for line in lines):
        return excerpt, ()
    kept: list[tuple[str, int, int]] = []
    dropped: list[consoles.Output] = []
    index = 0
    ending = ""
    while index < len(lines):
        line, origin = lines[index], excerpt.origins[index]
        size = 0 if ending else _size(lines, index)
        if size:
            text = "\n".join(lines[index : index + size])
            dropped.append(consoles.Output(origin.line, text))
            kept.append(("", origin.line, origin.column))
            index += size
            continue
        ending = _ending(line, ending)
        kept.append((line, origin.line, origin.column))
        index += 1
    return excerpts.of(kept), tuple(dropped)


def _ending(line: str, ending: str) -> str:
    """The word that closes the here-document which the line is in or opens."""
    if ending:
        return "" if line.strip() == ending else ending
    match = HEREDOC.search(line)
    return next((group for group in match.groups() if group), "") if match else ""


def _size(lines: list[str], index: int) -> int:
    """How many lines of configuration or output begin here."""
    if index and languages.is_output(lines[index]) and not lines[index - 1].rstrip().endswith("\\"):
        return _shown(lines, index)
    if not OPENING.match(lines[index]) or commandlines.sure(lines[index]):
        return 0
    if index and lines[index - 1].rstrip().endswith("\\"):
        return 0
    size = 1
    while index + size < len(lines) and ENTRY.match(lines[index + size]):
        if commandlines.sure(lines[index + size]) and not lines[index + size][:1].isspace():
            break
        size += 1
    nested = size > 1 and any(
        line[:1].isspace() or line.startswith("- ") for line in lines[index + 1 : index + size]
    )
    return size if nested else 0


def _shown(lines: list[str], index: int) -> int:
    """How many lines a command has answered: up to a blank line, a comment or the next command."""
    size = 1
    while index + size < len(lines):
        line = lines[index + size]
        if not line.strip() or line.lstrip().startswith("#") or commandlines.sure(line):
            break
        size += 1
    return size

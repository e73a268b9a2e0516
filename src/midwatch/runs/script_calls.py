"""Calls of scripts that the document defines: they run from the run's own folder.

Nothing is written into the operator's tree. A word that names such a script, and for which the tree
has no file, is replaced by the place where the run has saved it; the plan shows the replaced words.
"""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from midwatch.commands import shell, syntax

Node: TypeAlias = Any
"""Anything a parsed text is made of: its shapes nest freely."""


def redirected(text: str, scripts: Mapping[str, Path], folder: Path) -> str:
    """The text with calls of the document's scripts led to where they lie."""
    words = sorted(_words(shell.parse(text).statements), key=lambda word: -word.span.start)
    for word in words:
        value = _literal(word)
        path = scripts.get(value.rpartition("/")[2])
        if path is not None and not (folder / value).exists():
            text = text[: word.span.start] + shlex.quote(str(path)) + text[word.span.end :]
    return text


def _literal(word: syntax.Word) -> str:
    if all(isinstance(part, syntax.Literal) for part in word.parts):
        return "".join(part.value for part in word.parts if isinstance(part, syntax.Literal))
    return ""


def _words(node: Node) -> Iterator[syntax.Word]:
    match node:
        case tuple():
            for each in node:
                yield from _words(each)
        case syntax.Call():
            yield from node.words
        case syntax.Redirection():
            return
        case _ if dataclasses.is_dataclass(node):
            for field in dataclasses.fields(node):
                yield from _words(getattr(node, field.name))

"""Which alert leads to which procedure: by address, by anchor, by name."""

from __future__ import annotations

import re
import urllib.parse
from collections import defaultdict

from midwatch.checks import model


def key(name: str) -> str:
    """A name without case, blanks and marks: `ParcelsWaiting` and `Parcels waiting` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def parts(address: str) -> tuple[str, str]:
    """The file name at the end of an address, without its suffix, and the anchor."""
    split = urllib.parse.urlsplit(address)
    path = urllib.parse.unquote(split.path).rstrip("/")
    return file_name(path), urllib.parse.unquote(split.fragment)


def file_name(path: str) -> str:
    """A file's name as links give it: without folders, suffix and case."""
    return re.sub(r"\.(?:md|markdown|html)$", "", path.rpartition("/")[2].lower())


def by_name(collection: model.Collection) -> dict[str, list[model.Outline]]:
    """The documents of a check by their file name."""
    found: dict[str, list[model.Outline]] = defaultdict(list)
    for outline in collection.outlines:
        found[file_name(outline.path)].append(outline)
    return found


def titles(collection: model.Collection) -> frozenset[str]:
    """The keys of all headings, titles and file names."""
    names = [
        name
        for outline in collection.outlines
        for name in (outline.title, file_name(outline.path), *(h.title for h in outline.headings))
    ]
    return frozenset(key(name) for name in names)


def has(outline: model.Outline, anchor: str) -> bool:
    """Whether a document has a heading of that anchor."""
    return any(same_anchor(anchor, heading.anchor) for heading in outline.headings)


def same_anchor(one: str, other: str) -> bool:
    """Whether two anchors are the same, whichever site made them."""
    return key(one) == key(other)

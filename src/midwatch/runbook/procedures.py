"""Which sections are procedures, and which are only parts of the one above them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.runbook import inline, leads, passages, placing, sections, vocabulary

STEP = lazy.pattern(r"(?:step|stage|phase)\s+\d+\b", re.IGNORECASE)
NUMBERED = lazy.pattern(r"\d+[.)]\s")
ALERTS = lazy.pattern(r"\b(?:alerts?|alerting|alarms?|thresholds?)\b(?!\s+response)", re.IGNORECASE)
AREAS = frozenset({vocabulary.Role.BACKGROUND, vocabulary.Role.CONTACTS})


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A procedure's section, and the parts it is made of."""

    section: sections.Section
    parts: tuple[placing.Part, ...]


def outline(root: sections.Section) -> list[Outline]:
    """Every section that may be a procedure, with its parts, in the document's order."""
    held = {id(section): _holds(section) for section in root.walk()}
    below = _below(root, held)
    parts: dict[int, list[sections.Section]] = {}
    for section in root.walk():
        owned = [child for child in section.children if _is_part(child, section, below)]
        parts[id(section)] = owned
    found: list[Outline] = []
    waiting = [root]
    while waiting:
        section = waiting.pop()
        owned = parts[id(section)]
        found.append(Outline(section, tuple(_parts(section, owned))))
        others = [child for child in section.children if not any(child is each for each in owned)]
        waiting.extend(reversed(others))
    return found


def _holds(section: sections.Section) -> bool:
    """Whether the section itself has something to carry out."""
    for passage in section.passages:
        if passage.shape is passages.Shape.BLOCK:
            return True
        lead = leads.find(passage)
        if lead is not None and lead.role in vocabulary.ACTIONS:
            return True
        if passage.head and vocabulary.imperative(inline.plain(passage.text)):
            return True
    return False


def _below(root: sections.Section, held: dict[int, bool]) -> dict[int, bool]:
    """Whether a section or anything inside it has something to carry out."""
    below: dict[int, bool] = {}
    for section in reversed(list(root.walk())):
        below[id(section)] = held[id(section)] or any(
            below[id(child)] for child in section.children
        )
    return below


def _is_part(child: sections.Section, parent: sections.Section, below: dict[int, bool]) -> bool:
    """Whether a section is a part of the one above it, as Diagnosis is."""
    if STEP.match(child.title):
        return parent.level > 0 or not child.children
    role = vocabulary.role(child.title)
    if role is None or _is_area(child, below):
        return False
    core = [each for each in parent.children if vocabulary.inseparable(each.title)]
    busy = [
        each for each in parent.children if below[id(each)] and vocabulary.role(each.title) is None
    ]
    if vocabulary.inseparable(child.title):
        return parent.level > 1 or len(core) > 1 or not busy
    return len(core) > 1 or (not busy and parent.level > 0) or (bool(core) and parent.level > 1)


def _is_area(section: sections.Section, below: dict[int, bool]) -> bool:
    """Whether a section of a known title only gathers procedures: "Troubleshooting"."""
    inner = [
        child
        for child in section.children
        if below[id(child)] and vocabulary.role(child.title) is None and not STEP.match(child.title)
    ]
    if not inner:
        return False
    if any(_speaks(child) for child in inner):
        return True
    return not vocabulary.inseparable(section.title) and not all(
        NUMBERED.match(child.title) for child in inner
    )


def _speaks(section: sections.Section) -> bool:
    """Whether a section has lead-ins of its own, as a procedure does."""
    if any(vocabulary.inseparable(child.title) for child in section.children):
        return True
    found = (leads.find(passage) for passage in section.passages if not passage.items)
    roles = [lead.role for lead in found if lead is not None and lead.role is not None]
    return len(set(roles)) > 1 or vocabulary.Role.SYMPTOMS in roles


def _parts(section: sections.Section, owned: list[sections.Section]) -> Iterator[placing.Part]:
    role = vocabulary.role(section.title) if section.level else None
    role = None if role in AREAS else role
    alerting = any(ALERTS.search(title) for title in section.path)
    yield placing.Part(
        section.title, section.line, role, section.passages, own=True, alerting=alerting
    )
    for child in owned:
        part_role = vocabulary.role(child.title)
        for inner in child.walk():
            role = vocabulary.role(inner.title)
            yield placing.Part(
                inner.title,
                inner.line,
                role or part_role,
                inner.passages,
                named=role is None,
                alerting=alerting and part_role not in vocabulary.ACTIONS,
            )

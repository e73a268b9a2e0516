"""What the text itself tells a person to do: list items, tick boxes, sentences, inline commands."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterator, Sequence

from midwatch.base import lazy, shape
from midwatch.commands import model as commands
from midwatch.runbook import (
    commandlines,
    conditions,
    drafts,
    excerpts,
    inline,
    leads,
    model,
    passages,
    phasing,
    placing,
    vocabulary,
)

SILENT = frozenset(
    {
        vocabulary.Role.SYMPTOMS,
        vocabulary.Role.MEANING,
        vocabulary.Role.IMPACT,
        vocabulary.Role.SEVERITY,
        vocabulary.Role.RECOVERY,
        vocabulary.Role.EXPECTED,
        vocabulary.Role.OUTPUT,
        vocabulary.Role.CONTACTS,
        vocabulary.Role.BACKGROUND,
        vocabulary.Role.ESCALATION,
    }
)
"""Under these the text tells, and asks nobody to act."""
CASES = frozenset({vocabulary.Role.CAUSES, vocabulary.Role.RESOLVE, vocabulary.Role.DIAGNOSE})
MODAL = lazy.pattern(
    r"(?:you|we|it|they)\s+(?:should|must|can|may|need|have)\b|proceed\b", re.IGNORECASE
)
WHEN = lazy.pattern(
    r"(?:short|long|medium|near)[- ]term|immediate|optional|step\b|\d", re.IGNORECASE
)
FORBIDDEN = lazy.pattern(r"(?:do not|don't|never|avoid)\b", re.IGNORECASE)
PLAIN = frozenset(
    {
        "needed",
        "applicable",
        "optional",
        "necessary",
        "required",
        "possible",
        "desired",
        "relevant",
        "appropriate",
        "available",
        "not",
    }
)
"""Conditions that say nothing a decision could be made by."""
SHORT = 200
"""A paragraph before a block that is no longer than this leads to the block."""
TERM = lazy.pattern(r"(?P<term>[^:`]{2,60}?):\s+(?P<rest>\S.*)$", re.DOTALL)
FACT = lazy.pattern(
    r"(?:query|expr|expression|promql|threshold|severity"
    r"|duration|for|action|owner|condition|contact|level \d"
    r"|l\d|p\d|sev\s?\d|retention|location|schedule|frequency"
    r"|note)\b\s*(?:\([^()]*\))?\s*:",
    re.IGNORECASE,
)
WITH = lazy.pattern(
    r"\W+(?:via|with|using|by running|by|run|running|with the command|the command|command)$",
    re.IGNORECASE,
)
ASKED = lazy.pattern(
    r"(?:run|execute|use|using|with|via|by running|type|enter|try|issue|command)\W*$", re.IGNORECASE
)


@shape.frozen
class Command:
    """A command that stands in the text as inline code; the shell reader sees it later."""

    placed: placing.Placed
    excerpt: excerpts.Excerpt
    title: str
    condition: str | None


@dataclasses.dataclass(slots=True)
class Told:
    """What the text tells, in order: steps, commands to be read, and decisions."""

    steps: list[drafts.Draft | Command]
    decisions: list[model.Decision]
    cautions: list[str]


def read(placed: Sequence[placing.Placed], index: int, live: Collection[int]) -> Told:
    """What one passage tells a person to do; `live` are the blocks that have steps of their own."""
    here = placed[index]
    told = Told([], [], [])
    if here.passage.shape is not passages.Shape.PARAGRAPH or here.passage.quoted:
        return told
    text = inline.plain(here.passage.text)
    if here.lead is not None and not here.passage.items:
        text = inline.plain(here.lead.rest)
    if here.alerting and conditions.arrow(text):
        return told
    if not text or FACT.match(text) or _is_link(here.passage.text):
        return told
    role = here.lead.role if here.lead is not None and not here.passage.items else None
    spoken = _decision(here, text) or _case(here, text)
    told.decisions.extend(_decisions(here, text, spoken))
    if (role or here.role) in SILENT or _introduces(placed, index, live):
        return told
    told.steps.extend(_commands(here, text, spoken))
    if FORBIDDEN.match(text):
        told.cautions.append(text)
    elif not told.steps and _asks(placed, index, text, spoken):
        told.steps.append(_manual(here, text, spoken))
    return told


def _is_link(text: str) -> bool:
    found = inline.links(text)
    return len(found) == 1 and found[0].end - found[0].start >= len(text.strip()) - 4


def _decision(here: placing.Placed, text: str) -> conditions.Conditional | None:
    """The condition that the passage begins with, or its arrow."""
    pointed = conditions.arrow(text) if here.passage.head or text[:3].lower() == "if " else None
    return pointed or conditions.read(text.rstrip(": "))


def _decisions(
    here: placing.Placed, text: str, first: conditions.Conditional | None
) -> Iterator[model.Decision]:
    """Every branch that the passage's sentences state."""
    spoken = [first] if first else []
    spoken.extend(filter(None, map(conditions.read, conditions.sentences(text)[1:])))
    for each in spoken:
        plain = each.condition.lower() in PLAIN
        telling = vocabulary.imperative(each.action) or MODAL.match(each.action)
        pointed = each is first and conditions.arrow(text) is not None
        if not plain and each.action and (telling or pointed):
            yield model.Decision(here.passage.line, each.condition, each.action)


def _case(here: placing.Placed, text: str) -> conditions.Conditional | None:
    """A cause and what to do about it: "ImagePullBackOff: check the registry's credentials"."""
    term = TERM.match(text)
    if here.role not in CASES or not here.passage.head or term is None:
        return None
    if vocabulary.role(term.group("term")) or WHEN.match(term.group("term")):
        return None
    if vocabulary.imperative(text) or not vocabulary.imperative(term.group("rest")):
        return None
    return conditions.Conditional(term.group("term"), term.group("rest"))


def _introduces(placed: Sequence[placing.Placed], index: int, live: Collection[int]) -> bool:
    """Whether the passage only leads to what follows: a block, or items of its own."""
    here = placed[index]
    items = here.passage.items
    for following in placed[index + 1 : index + 40]:
        other = following.passage
        if here.passage.head:
            if other.items[: len(items)] != items:
                return False
            if id(other) in live:
                return True
            if other.head and len(other.items) == len(items) + 1 and _acts(following):
                return True
            continue
        if id(other) in live and other.items[: len(items)] == items:
            return (
                here.passage.text.rstrip().endswith((":", "\uff1a"))
                or len(here.passage.text) < SHORT
            )
        return bool(other.head and here.passage.text.rstrip().endswith(":"))
    return False


def _acts(placed: placing.Placed) -> bool:
    text = inline.plain(placed.passage.text)
    spoken = _decision(placed, text)
    return (
        placed.passage.task
        or vocabulary.imperative(text)
        or bool(spoken and vocabulary.imperative(spoken.action))
        or any(_is_command(code.text) for code in inline.codes(placed.passage.text))
    ) and not FACT.match(text)


def _is_command(code: str) -> bool:
    return len(code.split()) > 1 and commandlines.sure(code) and not code.endswith((":", "\u2026"))


def _commands(
    here: placing.Placed, text: str, spoken: conditions.Conditional | None
) -> list[Command]:
    """Commands in inline code, where the sentence asks for them."""
    found: list[Command] = []
    whole = here.passage.text
    for code in inline.codes(whole):
        if not _is_command(code.text) or "\n" in code.text:
            continue
        before = inline.plain(whole[: code.start])
        asked = (
            not before
            or before.endswith(":")
            or vocabulary.imperative(before)
            or bool(ASKED.search(before))
            or bool(
                spoken
                and (vocabulary.imperative(spoken.action) or spoken.action.startswith(code.text))
            )
        )
        if not asked:
            continue
        term = TERM.match(text)
        title = (
            WITH.sub("", before.rstrip(": \u2013\u2014-"))
            or (term.group("term") if term else "")
            or here.title
        )
        condition = spoken.condition if spoken else here.condition
        if spoken is None and before.endswith(":") and not vocabulary.imperative(before):
            condition = before.rstrip(": ") if here.role is vocabulary.Role.CAUSES else condition
        part = here.passage.excerpt.part(code.at, code.at + len(code.text))
        back = phasing.takes_back(before)
        there = dataclasses.replace(here, phase=model.Phase.UNDO) if back else here
        found.append(Command(there, part, placing.brief(title), condition))
    return found


def _asks(
    placed: Sequence[placing.Placed],
    index: int,
    text: str,
    spoken: conditions.Conditional | None,
) -> bool:
    """Whether a person is told to do something here."""
    here = placed[index]
    term = TERM.match(text)
    telling = (
        vocabulary.imperative(text)
        or bool(spoken and vocabulary.imperative(spoken.action))
        or bool(term and vocabulary.imperative(term.group("rest")))
    )
    passage = here.passage
    if passage.task:
        return True
    if passage.head:
        ordered = any(item.number is not None for item in passage.items)
        if here.role is None or here.role is vocabulary.Role.OPERATE:
            return telling and (ordered or here.role is not None)
        if here.role is vocabulary.Role.RESOLVE and ordered:
            return leads.find(passage) is None or telling
        return telling
    if passage.items or here.role is None or here.role is vocabulary.Role.OPERATE:
        return False
    return telling and here.role in vocabulary.ACTIONS and not leads.is_admonition(text)


def _manual(here: placing.Placed, text: str, spoken: conditions.Conditional | None) -> drafts.Draft:
    title = spoken.action if spoken and spoken.action else text
    draft = drafts.manual(
        here.passage.excerpt, placing.brief(title), phasing.refine(here.phase, title)
    )
    if spoken is not None:
        draft.condition = spoken.condition
    else:
        draft.condition = None
    draft.choice, draft.option, draft.context = here.choice, here.option, here.context
    waits = re.match(r"wait\b", title, re.IGNORECASE)
    if waits:
        draft.kind, draft.effect = model.Kind.WAIT, commands.Effect.READ
        draft.why = "waiting changes nothing"
    return draft

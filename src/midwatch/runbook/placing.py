"""Each passage of a procedure in its place: phase, lead-in, title, condition, choice, context."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from midwatch.base import lazy, shape
from midwatch.runbook import conditions, contexts, inline, leads, model, passages, vocabulary

OR = lazy.pattern(
    r"(?:or|alternatively|alternative|or else|another (?:way"
    r"|option)|instead)\b(?:\s*[,:]|\s+(?=via|using|with"
    r"|manually|if|run|from|by|you can|do|use|in)|\s*$)",
    re.IGNORECASE,
)
NUMBER = lazy.pattern(r"\A(?:\d+(?:\.\d+)*|[a-z])[.)]\s+(?=\S)")
TITLE = 100
OPTION = lazy.pattern(
    r"(?:option|method|approach|alternative|variant)\s+(?:\d+|[a-z])\b", re.IGNORECASE
)


@dataclasses.dataclass(slots=True)
class Placed:
    """A passage and what the text around it says of it."""

    passage: passages.Passage
    role: vocabulary.Role | None
    phase: model.Phase
    section: str
    """The title of the heading it stands under."""
    lead: leads.Lead | None = None
    """The lead-in that this very passage begins with."""
    group: str = ""
    """The last lead-in that is no phase: "Manual (Emergency)"."""
    group_line: int = 0
    title: str = ""
    """What the text just before it calls what follows."""
    intro: str = ""
    condition: str | None = None
    context: str | None = None
    choice: str | None = None
    option: str | None = None
    alerting: bool = False


@shape.frozen
class Part:
    """The passages of one section that belong to a procedure."""

    title: str
    line: int
    role: vocabulary.Role | None
    passages: Sequence[passages.Passage]
    own: bool = False
    """Whether it is the procedure's own section, whose title is the procedure's."""
    named: bool = False
    """Whether its title is no lead-in, and so names what it is about."""
    alerting: bool = False
    """Whether it is about the alerts that there are, not about what to do."""


@dataclasses.dataclass(slots=True)
class _Known:
    """What an item of a list said in its first paragraph."""

    title: str
    role: vocabulary.Role | None
    condition: str | None
    context: str | None


@dataclasses.dataclass(slots=True)
class _State:
    role: vocabulary.Role | None
    phase: model.Phase
    group: str = ""
    group_line: int = 0
    intro: str = ""
    opening: bool = False
    """Whether that is the procedure's own opening, which says when all of it is for."""
    intro_items: tuple[passages.Item, ...] = ()
    doing: set[tuple[passages.Item, ...]] = dataclasses.field(default_factory=set)
    """The items that have told of something to run."""
    back: tuple[passages.Item, ...] = ()
    """The item, or the rest of it, that takes its own step back."""


def place(parts: Sequence[Part]) -> list[Placed]:
    """Every passage of a procedure, placed, in the document's order."""
    found: list[Placed] = []
    known: dict[passages.Item, _Known] = {}
    for part in parts:
        found.extend(_part(part, known))
    _choose(found)
    _offer(found)
    return found


def _part(part: Part, known: dict[passages.Item, _Known]) -> list[Placed]:
    state = _begin(part)
    found: list[Placed] = []
    for passage in part.passages:
        if passage.shape is passages.Shape.LINE and not passage.items:
            state = _begin(part)
            continue
        lead = leads.find(passage)
        if lead is not None and not passage.items and not passage.quoted:
            _turn(state, lead, passage.line)
        _back(state, passage, lead)
        if passage.head and passage.item is not None:
            known[passage.item] = _know(passage, lead, state.role)
        placed = _placed(part, state, passage, known)
        placed.title = placed.title or part.title
        placed.lead = lead
        if part.own and passage is part.passages[0] and not passage.items:
            placed.condition = None
        found.append(placed)
        _remember(state, passage, lead)
        state.opening = part.own and len(found) == 1
    return found


def _begin(part: Part) -> _State:
    phase = vocabulary.PHASES.get(part.role) if part.role else None
    group = part.title if part.named and not part.own else ""
    return _State(part.role, phase or model.Phase.OPERATE, group, part.line if group else 0)


def _turn(state: _State, lead: leads.Lead, line: int) -> None:
    """Go on to what a lead-in says follows."""
    if lead.rest and leads.is_admonition(lead.title):
        return
    if lead.role is None:
        if not lead.rest or lead.rest.startswith("("):
            state.group, state.group_line = lead.title, line
        return
    if lead.rest and not lead.rest.endswith(":") and lead.role not in vocabulary.ACTIONS:
        return
    state.role = lead.role
    state.phase = vocabulary.PHASES.get(lead.role, state.phase)
    state.group, state.group_line = "", 0


def _back(state: _State, passage: passages.Passage, lead: leads.Lead | None) -> None:
    """`Rollback: …` within an item that had something to run takes that very step back."""
    items = passage.items
    if items[: len(state.back)] != state.back:
        state.back = ()
    undoes = lead is not None and lead.role is vocabulary.Role.UNDO
    if undoes and (items[:-1] if passage.head else items) in state.doing:
        state.back = items
    if items and (passage.shape is passages.Shape.BLOCK or inline.codes(passage.text)):
        state.doing.add(items)


def _know(
    passage: passages.Passage, lead: leads.Lead | None, around: vocabulary.Role | None
) -> _Known:
    text = inline.plain(passage.text)
    role = lead.role if lead is not None else vocabulary.role(text.rstrip(" :."))
    if around not in {None, vocabulary.Role.OPERATE} and vocabulary.imperative(text):
        role = None
    short = lead.title if lead is not None and lead.title else text
    condition = conditions.read(text.rstrip(": "))
    return _Known(
        brief(short), role, condition.condition if condition else None, contexts.read(text)
    )


def brief(text: str) -> str:
    """A title: the first sentence, without a colon at its end."""
    bare = NUMBER.sub("", text.strip(), count=1)
    first = re.split(r"(?<=\w{3}[.!?])\s+(?=[A-Z])", bare, maxsplit=1)[0]
    if len(first) > TITLE:
        first = first[:TITLE].rsplit(" ", 1)[0] + " \u2026"
    return first.strip().rstrip(":.").strip()


def _placed(
    part: Part, state: _State, passage: passages.Passage, known: dict[passages.Item, _Known]
) -> Placed:
    role, phase = state.role, state.phase
    title, condition, context = "", None, None
    for item in passage.items:
        said = known.get(item)
        if said is None:
            continue
        if said.role is not None:
            role, phase = said.role, vocabulary.PHASES.get(said.role, phase)
        title = said.title or title
        condition = said.condition or condition
        context = said.context or context
    if state.back:
        role, phase = vocabulary.Role.UNDO, model.Phase.UNDO
    near = state.intro and state.intro_items == passage.items
    if near and not (passage.items and passage.head):
        asked = (
            conditions.read(state.intro.rstrip(": "))
            if state.intro.endswith(":") and not state.opening
            else None
        )
        condition = asked.condition if asked else condition
        context = contexts.read(state.intro) or context
        if not passage.items or state.intro.endswith(":"):
            title = brief(state.intro)
    return Placed(
        passage,
        role,
        phase,
        part.title,
        group=state.group,
        group_line=state.group_line,
        title=title or state.group,
        intro=state.intro if near else "",
        condition=condition,
        context=context,
        alerting=part.alerting,
    )


def _remember(state: _State, passage: passages.Passage, lead: leads.Lead | None) -> None:
    """Keep a paragraph as the introduction of the block that follows it."""
    state.intro, state.intro_items = "", ()
    if passage.shape is not passages.Shape.PARAGRAPH:
        return
    text = inline.plain(passage.text)
    if (lead is not None and not lead.rest) or leads.is_admonition(passage.text):
        return
    if lead is not None and lead.role is not None:
        text = inline.plain(lead.rest)
    if text.endswith((":", "\uff1a")) or len(text) <= TITLE or OR.match(text):
        state.intro, state.intro_items = text, passage.items
    elif _last(text).endswith(":"):
        state.intro, state.intro_items = _last(text), passage.items


def _last(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text)[-1]


def _choose(found: list[Placed]) -> None:
    """Lead-ins that are ways to do the same become the options of one choice."""
    run: list[int] = []
    spoken: dict[int, str] = {}
    for placed in found:
        if placed.group_line and placed.group_line not in spoken:
            spoken[placed.group_line] = placed.group
    chosen: dict[int, str] = {}
    for line, title in [*spoken.items(), (0, "")]:
        if line and (vocabulary.alternative(title) or OPTION.match(title)):
            run.append(line)
            continue
        if len(run) > 1:
            chosen.update(dict.fromkeys(run, str(run[0])))
        run = []
    for placed in found:
        if placed.group_line in chosen:
            placed.choice, placed.option = chosen[placed.group_line], placed.group


def _way(spoken: str) -> str:
    """What "Or, using Ansible:" offers."""
    match = OR.match(spoken)
    return (spoken[match.end() :].strip(" ,:") if match else "") or spoken


def _offer(found: list[Placed]) -> None:
    """A block after "Or, using kubectl:" is another way to do what the block before it does."""
    last: Placed | None = None
    for index, placed in enumerate(found):
        if placed.passage.shape is not passages.Shape.BLOCK:
            continue
        before = found[index - 1] if index else None
        spoken = (
            inline.plain(before.passage.text)
            if before and before.passage is not placed.passage
            else ""
        )
        if (
            last is not None
            and before is not None
            and before.passage.shape is passages.Shape.PARAGRAPH
            and OR.match(spoken)
            and last.section == placed.section
        ):
            choice = last.choice or str(last.passage.line)
            last.choice, last.option = choice, last.option or last.title
            placed.choice, placed.option = choice, brief(_way(spoken))
        last = placed

"""Why somebody was paged, or was not: from what is on record, in sentences."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Mapping, Sequence

from midwatch.base import counted
from midwatch.incidents import events, messages, model, outbox, policy
from midwatch.incidents import state as states
from midwatch.oncall import directory

MINUTE = datetime.timedelta(minutes=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """What is known of one incident."""

    state: states.State
    timeline: Sequence[events.Recorded]
    letters: Sequence[outbox.Letter]
    because: Mapping[int, str]
    """Why it is that person, by the number of the message."""
    policy: policy.Policy


@dataclasses.dataclass(frozen=True, slots=True)
class Why:
    """One reason."""

    at: datetime.datetime | None
    paged: bool
    """It is about a page that went out, or is on its way."""
    sentence: str


def why(record: Record, person: str, known: directory.Directory) -> list[Why]:
    """Everything that explains whether this person was paged for the incident."""
    letters = [
        each
        for each in record.letters
        if each.person == person and each.kind is not messages.Kind.STANDING
    ]
    told = [_of_letter(each, record.because) for each in reversed(letters)]
    told += _of_events(record, person)
    if any(each.kind is messages.Kind.PAGE for each in letters):
        return told
    return [*told, Why(None, paged=False, sentence=_not_paged(record, person, known))]


def _of_letter(letter: outbox.Letter, because: Mapping[int, str]) -> Why:
    what = letter.kind.value if letter.kind is not messages.Kind.PAGE else "paged"
    reason = because.get(letter.id, "")
    tail = f", because: {reason}" if reason else ""
    place = f"by {letter.channel} to {letter.address}"
    match letter.state:
        case messages.Delivery.SENT:
            held = f"; {letter.reason}" if letter.reason else ""
            text = f"{what} {place}: the channel took it ({letter.receipt or 'no receipt'}{held})"
            return Why(letter.sent_at, paged=True, sentence=text + tail)
        case messages.Delivery.CANCELLED:
            text = f"not {what} {place}: {letter.reason}"
            return Why(letter.due_at, paged=False, sentence=text)
        case messages.Delivery.DEAD:
            tries = counted.of(letter.attempts, "try", "tries")
            text = f"not reached {place}, {tries}: {letter.reason}"
            return Why(letter.due_at, paged=False, sentence=text)
        case _:
            late = f": {letter.reason}" if letter.reason else ""
            text = f"not yet {what} {place}, due at {letter.due_at:%H:%M:%S} UTC{late}{tail}"
            return Why(letter.created_at, paged=False, sentence=text)


def _of_events(record: Record, person: str) -> Iterator[Why]:
    for each in record.timeline:
        match each.event:
            case events.NotPaged(who, reason) if who == f"person:{person}":
                yield Why(each.at, paged=False, sentence=f"not paged: {reason}")
            case events.Unreached(who, reason) if who == person:
                yield Why(each.at, paged=False, sentence=f"nothing reached them: {reason}")
            case _:
                continue


def _not_paged(record: Record, person: str, known: directory.Directory) -> str:
    """The one reason why no page was made for them."""
    state = record.state
    if state.urgency is model.Urgency.RECORD:
        return f"nobody was paged: the severity “{state.severity}” is only recorded"
    levels = list(_levels_of(record, person, known))
    name, source = record.policy.name, record.policy.source
    if not levels:
        where = f" ({source})" if source else ""
        return f"no level of the policy {name}{where} meant {person} at that time"
    level = record.policy.levels[levels[0]]
    minutes = f"{counted.of(level.after / MINUTE, 'minute')} in"
    place = f"{person} is level {levels[0] + 1} of {name}, {minutes}"
    if state.acknowledged_by and state.acknowledged_at is not None:
        at = f"{state.acknowledged_at:%H:%M:%S} UTC"
        return f"{place}; {state.acknowledged_by} acknowledged it at {at}"
    if state.resolved_at is not None:
        at = f"{state.resolved_at:%H:%M:%S} UTC"
        return f"{place}; it was resolved by {state.resolved_by} at {at}"
    return f"{place}, and it is not their turn yet"


def _levels_of(record: Record, person: str, known: directory.Directory) -> Iterator[int]:
    """The levels that meant this person, at the moment each was due in the first round."""
    began = record.state.opened_at
    if began is None:
        return
    for number, level in enumerate(record.policy.levels):
        moment = began + level.after
        found = [each for word in level.whom for each in known.find(word, moment)]
        if any(isinstance(each, directory.Reached) and each.person.id == person for each in found):
            yield number

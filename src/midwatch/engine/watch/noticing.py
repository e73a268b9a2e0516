"""What the watch tells of itself: a silence that ended."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from midwatch.alerts import silence_store, silences
from midwatch.db import store
from midwatch.engine.watch import arrangements
from midwatch.incidents import messages
from midwatch.incidents import store as incidents


def silences_ended(
    where: store.Store,
    given: arrangements.Arrangements,
    ended: Sequence[silences.Silence],
    now: datetime.datetime,
) -> None:
    """Tell whoever made a silence that it is over; what it held back fires for everybody again."""
    wanted = [message for silence in ended for message in _to_its_maker(given, silence, now)]
    where.write(*incidents.sending(wanted, now), silence_store.told(ended))


def _to_its_maker(
    given: arrangements.Arrangements, silence: silences.Silence, now: datetime.datetime
) -> list[messages.Message]:
    person = given.directory.people.get(silence.created_by)
    if person is None or not person.ways:
        return []
    way = person.ways[0]
    return [
        messages.Message(
            key=f"{silence.id}/ended",
            incident=None,
            person=person.id,
            channel=way.channel,
            address=way.address,
            kind=messages.Kind.NOTICE,
            body={"title": f"Your {silence} is over", "why": "silences end loudly"},
            due_at=now,
        )
    ]

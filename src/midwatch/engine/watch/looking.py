"""Procedures that are probes: each looks when it is due, and what its run showed becomes alerts.

The run is carried out elsewhere; here it is asked for, one at a time, and its answer is judged.
"""

from __future__ import annotations

import datetime
import logging

from midwatch.alerts import probes, procedure_probes
from midwatch.db import store
from midwatch.engine.watch import arrangements, probing
from midwatch.incidents import looks

LOG = logging.getLogger(__name__)


def look(where: store.Store, given: arrangements.Arrangements, now: datetime.datetime) -> None:
    """Judge what the latest looks showed, and ask for those that are due."""
    for each in given.procedure_probes:
        _look(where, each, each.target or given.target, now)


def _look(
    where: store.Store,
    each: procedure_probes.ProcedureProbe,
    target: str,
    now: datetime.datetime,
) -> None:
    name = each.probe.name
    asked = looks.latest(where, name)
    if asked is not None and asked.state == looks.ENDED:
        probing.settle(where, each.probe, asked.seen(name), now, *looks.judged(asked, name))
    last = asked.last if asked else None
    match procedure_probes.next_step(each.probe.every, last, now):
        case procedure_probes.Ask(missed):
            if missed and asked is not None:
                LOG.warning(
                    "probe %s: %d looks were missed after %s; they are not caught up",
                    *(name, missed, _moment(asked.created_at)),
                )
            where.write(looks.asking(each, target, now))
        case procedure_probes.Miss(missed, blind) if asked is not None:
            _miss(where, each.probe, asked, missed, now, blind=blind)
        case _:
            return


def _miss(
    where: store.Store,
    probe: probes.Probe,
    asked: looks.Asked,
    missed: int,
    now: datetime.datetime,
    *,
    blind: bool,
) -> None:
    """The look before still goes on: tell it, and after a while that nobody knows."""
    goes_on = "still goes on" if asked.state == "started" else "has not begun"
    why = f"{probe.name}: the look of {_moment(asked.created_at)} {goes_on}"
    LOG.warning("a look was missed: %s", why)
    told = looks.missing(asked, missed)
    if blind:
        probing.settle(where, probe, probes.Blind(why), now, told)
    else:
        where.write(told)


def _moment(at: datetime.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"

"""Procedures whose proof does not hold any more, for the rule that speaks of them."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable, Iterator

from midwatch.app import documents, proving
from midwatch.base import clock, errors
from midwatch.checks import model
from midwatch.drills import proofs


def in_files(names: Iterable[str], days: int) -> Iterator[model.Unproven]:
    """Those of runbooks that were rehearsed on this machine; of any other nothing is said."""
    now, good_for = clock.SystemClock().now(), datetime.timedelta(days=days)
    for name in names:
        if not proving.keeps(name):
            continue
        with contextlib.suppress(errors.MidwatchError):
            for each in proving.known([documents.read(name)]):
                why = reason(each.proof, now, good_for)
                if why:
                    yield model.Unproven(each.path, each.procedure.line, each.procedure.title, why)


def reason(proof: proofs.Proof, now: datetime.datetime, good_for: datetime.timedelta) -> str:
    """Why a proof does not hold; nothing where it holds, or where there never was one."""
    last = proof.last
    match proofs.standing(proof, now, good_for):
        case proofs.Standing.STALE if last is not None:
            return f"it last worked {proofs.ago(now - last)}"
        case proofs.Standing.CHANGED if proof.before is not None:
            return f"its steps have changed since it last worked, {proofs.ago(now - proof.before)}"
        case proofs.Standing.NOT_HEALED:
            return f"it was rehearsed {proofs.ago(now - proof.tries[0].at)} and did not heal"
        case _:
            return ""

"""What is told of a proof, and when it does not hold any more."""

from __future__ import annotations

import datetime

import pytest

from midwatch.app import stale_proofs
from midwatch.drills import proofs
from midwatch.runbook import reading, wording

NOW = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def tries(healed: int, count: int, days: float, stable: float = 14.2) -> tuple[proofs.Try, ...]:
    return tuple(
        proofs.Try(NOW - days * DAY, number < healed, stable if number < healed else None, "lab")
        for number in range(count)
    )


@pytest.mark.parametrize(
    ("proof", "told"),
    [
        (proofs.NOTHING, ""),
        (
            proofs.Proof(tries(19, 20, 2)),
            "last rehearsed 2 days ago, 19 of 20 healed, median 14 s",
        ),
        (proofs.Proof(tries(0, 1, 0)), "last rehearsed just now, 0 of 1 healed"),
        (
            proofs.Proof(succeeded=NOW - 15 * DAY, succeeded_on="production"),
            "last run to success 2 weeks ago on production",
        ),
        (
            proofs.Proof(tries(1, 1, 1, 130.0), NOW - 0.25 * DAY, "production"),
            (
                "last rehearsed 1 day ago, 1 of 1 healed, median 2 min 10 s; "
                "last run to success 6 hours ago on production"
            ),
        ),
        (proofs.Proof(before=NOW - 3 * DAY), "worked 3 days ago, but its steps have changed since"),
    ],
)
def test_a_proof_is_one_sentence(proof: proofs.Proof, told: str) -> None:
    assert proofs.sentence(proof, NOW) == told


@pytest.mark.parametrize(
    ("proof", "standing", "why"),
    [
        (proofs.NOTHING, "never", ""),
        (proofs.Proof(tries(1, 1, 89)), "good", ""),
        (proofs.Proof(tries(1, 1, 91)), "stale", "it last worked 13 weeks ago"),
        (proofs.Proof(tries(1, 1, 91), NOW - DAY), "good", ""),
        (proofs.Proof(tries(1, 2, 5)), "good", ""),
        (
            proofs.Proof(tries(0, 2, 5)),
            "not-healed",
            "it was rehearsed 5 days ago and did not heal",
        ),
        (
            proofs.Proof(before=NOW - 3 * DAY),
            "changed",
            "its steps have changed since it last worked, 3 days ago",
        ),
    ],
)
def test_a_proof_holds_until_its_words_change_or_its_time_is_out(
    proof: proofs.Proof, standing: str, why: str
) -> None:
    assert proofs.standing(proof, NOW, 90 * DAY) == standing
    assert stale_proofs.reason(proof, NOW, 90 * DAY) == why


BOOK = """# Sorter

## Belt jammed

Release it.

**Resolution**:

```bash
sorterctl belt release
```

**Expected**: `released`
"""


def digest(text: str) -> str:
    runbook = reading.read("runbook.md", text.encode())
    return wording.digest(runbook, runbook.procedures[0])


def test_prose_may_be_mended_without_losing_the_proof() -> None:
    assert digest(BOOK) == digest(BOOK.replace("Release it.", "Release the belt.\n\nGently."))
    assert digest(BOOK) == digest("An introduction.\n\n" + BOOK)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("belt release", "belt release --now"),
        ("`released`", "`free`"),
        ("**Resolution**", "**Verification**"),
        ("```bash", "```sql"),
    ],
)
def test_another_step_is_not_proven_by_the_old_one(before: str, after: str) -> None:
    assert digest(BOOK) != digest(BOOK.replace(before, after))

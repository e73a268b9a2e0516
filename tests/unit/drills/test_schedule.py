"""A seed decides the order and the waits, and gives the same drill again."""

from __future__ import annotations

from midwatch.drills import model, schedule

FAULTS = tuple(
    model.Fault(name, "t", "i", "h", "p", "mend", wrong="other" if name != "b" else "")
    for name in "abcdef"
)
BOTH = (model.Arm.NONE, model.Arm.MIDWATCH)


def test_the_same_seed_gives_the_same_drill_and_another_one_does_not() -> None:
    one = schedule.rehearsals(FAULTS, BOTH, [3, 4])

    assert one == schedule.rehearsals(FAULTS, BOTH, [3, 4])
    assert one != schedule.rehearsals(FAULTS, BOTH, [5, 6])
    assert [each.number for each in one] == list(range(1, 25))


def test_a_seed_later_in_a_drill_is_the_drill_of_that_seed() -> None:
    both, alone = schedule.rehearsals(FAULTS, BOTH, [3, 4]), schedule.rehearsals(FAULTS, BOTH, [4])

    assert [(e.fault.id, e.arm, e.wait) for e in both[12:]] == [
        (e.fault.id, e.arm, e.wait) for e in alone
    ]


def test_arms_meet_the_same_conditions() -> None:
    waits: dict[str, set[tuple[float, float]]] = {}
    for each in schedule.rehearsals(FAULTS, BOTH, [3]):
        waits.setdefault(each.fault.id, set()).add((each.wait, each.reaction))

    assert all(len(found) == 1 for found in waits.values())
    assert len(set.union(*waits.values())) == len(FAULTS)


def test_a_fault_without_a_wrong_procedure_is_not_rehearsed_with_one() -> None:
    found = schedule.rehearsals(FAULTS, [model.Arm.WRONG], [1])

    assert sorted(each.fault.id for each in found) == ["a", "c", "d", "e", "f"]


def test_waits_stay_within_what_the_file_says() -> None:
    limits = model.Limits(wait=0.5, reaction=0.0)
    fault = model.Fault("a", "t", "i", "h", "p", "mend", limits=limits)

    for each in schedule.rehearsals([fault], BOTH, range(50)):
        assert 0 <= each.wait <= 0.5
        assert each.reaction == 0

"""A run goes on from a step again, with other inputs, and asks anew."""

from __future__ import annotations

from typing import Any

Desk = Any


def touched(desk: Desk) -> list[str]:
    return sorted(path.name for path in desk.folder.glob("*-*"))


def work(desk: Desk) -> str:
    """A run of three steps: one sets a variable, one touches with an input, one changes the
    variable."""
    desk.steps("X=first", 'touch "$X"-<name>', "X=last && touch done")
    ended = desk.run("--yes", "change", "--set", "name=web")
    assert ended.code == 0
    return str(ended.run_id)


def test_a_step_is_carried_out_again_with_another_input(desk: Desk) -> None:
    run_id = work(desk)

    ended = desk.midwatch("resume", run_id, "--from", "2", "--set", "name=db", "--yes", "change")

    assert ended.code == 0
    assert touched(desk) == ["first-db", "first-web"]


def test_what_ran_before_that_step_does_not_run_again(desk: Desk) -> None:
    run_id = work(desk)

    ended = desk.midwatch("resume", run_id, "--from", "3", "--yes", "change", "--json")

    assert ended.code == 0
    assert touched(desk) == ["first-web"]
    assert [event["step"] for event in ended.finished()] == [2]


def test_an_earlier_yes_does_not_count_for_another_input(desk: Desk) -> None:
    run_id = work(desk)

    ended = desk.midwatch("resume", run_id, "--from", "2", "--set", "name=db")

    assert ended.code == 4
    assert touched(desk) == ["first-web"]


def test_the_journal_keeps_what_ran_before_with_its_own_words(desk: Desk) -> None:
    run_id = work(desk)
    desk.midwatch("resume", run_id, "--from", "2", "--set", "name=db", "--yes", "change")

    told = desk.midwatch("transcript", run_id).output

    assert 'touch "$X"-web' in told
    assert 'touch "$X"-db' in told
    assert "from step 2" in told


def test_a_name_that_is_no_input_is_refused(desk: Desk) -> None:
    run_id = work(desk)

    ended = desk.midwatch("resume", run_id, "--from", "2", "--set", "nmae=db")

    assert ended.code == 2
    assert "Did you mean name?" in ended.errors


def test_a_step_that_there_is_not_is_refused(desk: Desk) -> None:
    run_id = work(desk)

    assert desk.midwatch("resume", run_id, "--from", "9").code == 2


def test_nobody_jumps_over_steps_that_were_not_carried_out(desk: Desk) -> None:
    desk.steps("touch a", "touch b", "touch c")
    run_id = desk.run().run_id

    ended = desk.midwatch("resume", run_id, "--from", "3", "--yes", "change")

    assert ended.code == 2
    assert "step 1" in ended.errors
    assert not (desk.folder / "c").exists()


def test_a_value_is_no_program_text_the_second_time_either(desk: Desk) -> None:
    run_id = work(desk)

    ended = desk.midwatch(
        "resume", run_id, "--from", "2", "--set", "name=$(touch pwned)", "--yes", "change"
    )

    assert not (desk.folder / "pwned").exists()
    assert ended.code in {0, 2}

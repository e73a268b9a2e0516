"""A fix is not done before what the runbook expects is seen."""

from __future__ import annotations

from typing import Any

import pytest

Desk = Any
SOON = "[verify]\nevery = 0.02\nseconds = 0.1\n"


@pytest.fixture
def soon(desk: Desk) -> Desk:
    desk.write(SOON, "midwatch.toml")
    return desk


def work(desk: Desk, verification: str, expected: str = "") -> None:
    said = f"\n**Expected**: {expected}\n" if expected else ""
    desk.write(
        "# Work\n\n## Mend it\n\n**Resolution:**\n\n```bash\ntouch mended\n```\n\n"
        f"**Verification:**\n\n```bash\n{verification}\n```\n{said}"
    )


def checks(ended: Desk) -> list[dict[str, Any]]:
    return [event for event in ended.events if event["kind"] == "checked"]


def test_a_run_whose_fix_is_not_verified_has_not_succeeded(soon: Desk) -> None:
    work(soon, "echo 4711", "less than 100")

    ended = soon.run("--yes", "change")

    assert ended.code == 1
    assert (soon.folder / "mended").exists()
    assert "expected less than 100, got 4711" in ended.output
    assert "failed  Mend it" in ended.output
    assert "not verified" in ended.output


def test_a_verification_is_tried_until_it_holds(soon: Desk) -> None:
    soon.write("[verify]\nevery = 0.02\nseconds = 30\n", "midwatch.toml")
    soon.write(
        "# Work\n\n## Mend it\n\n**Resolution:**\n\n```bash\n"
        "(sleep 0.4; echo 50 >depth) & echo 900 >depth\n```\n\n"
        "**Verification:**\n\n```bash\ncat depth\n```\n\n**Expected**: less than 100\n"
    )

    ended = soon.run("--yes", "change", "--json")

    answers = [event["answer"] for event in checks(ended)]
    assert ended.code == 0
    assert answers[-1] == "holds"
    assert set(answers[:-1]) == {"fails"}


def test_a_verification_that_ends_badly_is_not_verified(soon: Desk) -> None:
    work(soon, "cat nowhere")

    ended = soon.run("--yes", "change", "--json")

    assert ended.code == 1
    assert len(checks(ended)) > 1
    assert checks(ended)[-1]["expected"] == "exit 0"
    assert ended.events[-1]["outcome"] == "failed"
    assert ended.events[-1]["reason"].count("not verified") == 1


def test_a_verification_that_is_skipped_afterwards_still_has_not_held(soon: Desk) -> None:
    work(soon, "echo 4711", "less than 100")
    run_id = soon.run("--yes", "change").run_id

    ended = soon.midwatch("resume", run_id, "--failed", "skip", "--yes", "change")

    assert ended.code == 1
    assert "not verified: expected less than 100, got 4711" in ended.output


def test_what_cannot_be_told_is_listed_as_not_checked(soon: Desk) -> None:
    work(soon, "echo something", "Consumers catch up within a few minutes")

    ended = soon.run("--yes", "change")

    assert ended.code == 0
    assert "1 not checked" in ended.output
    assert "not checked, as nobody was there: Consumers catch up" in ended.output


def test_a_diagnosis_that_finds_something_is_no_failure(soon: Desk) -> None:
    soon.write(
        "# Work\n\n## Mend it\n\n**Diagnosis:**\n\n```bash\necho 4711  # Should output: 0\n```\n\n"
        "**Resolution:**\n\n```bash\ntouch mended\n```\n"
    )

    ended = soon.run("--yes", "change", "--json")

    assert ended.code == 0
    assert [event["answer"] for event in checks(ended)] == ["fails"]
    assert (soon.folder / "mended").exists()


def test_the_output_that_a_comment_gives_is_compared(soon: Desk) -> None:
    soon.write(
        "# Work\n\n## Mend it\n\n**Verification:**\n\n"
        "```bash\necho backend\n# Should output: backend daprd\n```\n"
    )

    ended = soon.run("--json")

    assert ended.code == 1
    assert checks(ended)[-1]["expected"] == "backend daprd"
    assert checks(ended)[-1]["got"] == "backend"


def test_a_change_is_not_repeated_to_make_it_hold(soon: Desk) -> None:
    work(soon, "echo x >>tries; cat tries; false")

    ended = soon.run("--yes", "change", "--json")

    assert ended.code == 1
    assert (soon.folder / "tries").read_text() == "x\n"


def test_the_transcript_says_what_was_expected_and_what_came(soon: Desk) -> None:
    work(soon, "echo 4711", "less than 100")
    run_id = soon.run("--yes", "change").run_id

    assert "expected less than 100, got 4711" in soon.midwatch("transcript", run_id).output


def test_patience_that_is_no_number_is_refused(desk: Desk) -> None:
    desk.write('[verify]\nseconds = "long"\n', "midwatch.toml")
    desk.steps("true")

    ended = desk.run()

    assert ended.code == 2
    assert "seconds in [verify] is no number of seconds" in ended.errors


def test_what_never_ends_by_itself_is_not_held_against_the_run(soon: Desk) -> None:
    soon.write(SOON + "[limits]\nendless = 0.5\n", "midwatch.toml")
    (soon.folder / "log").write_text("all well\n")
    work(soon, "tail -f log")

    ended = soon.run("--yes", "change", "--json")

    assert ended.code == 0
    assert ended.finished()[-1]["verdict"] == "window"

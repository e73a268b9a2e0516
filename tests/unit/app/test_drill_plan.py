"""What is wrong with a drill is told before anything is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from midwatch.app import drill_plan
from midwatch.base import errors
from midwatch.drills import model

RUNBOOK = """# Service

## Mend

```bash
echo up > state
```

## Wants a name

```bash
touch <file-name>
```
"""
FAULTS = """
version = 1
runbook = "RUNBOOK.md"
target = "lab"
[[fault]]
id = "down"
title = "the service is broken"
inject = "echo down > state"
heal = "echo up > state"
probe = "it"
procedure = "{procedure}"
wrong = "wants-a-name"
"""


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "RUNBOOK.md").write_text(RUNBOOK)
    (tmp_path / "midwatch.toml").write_text("[targets.lab]\nlab = true\n")
    (tmp_path / "faults.toml").write_text(FAULTS.format(procedure="mend"))
    return tmp_path


def plan(**fields: object) -> drill_plan.Planned:
    return drill_plan.plan(drill_plan.Wish(Path("faults.toml"), **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("[targets.lab]\n", "does not call the target “lab” a lab"),
        ("[targets.lab]\nlab = false\n", "does not call the target “lab” a lab"),
        ("[targets.production]\nlab = true\n", "There is no target “lab”"),
        ("[targets.lab]\nlab = 'yes'\n", "lab in [targets.lab] is true or false"),
        ("", "There is no midwatch.toml above faults.toml"),
    ],
    ids=["not said", "denied", "another target", "no answer", "no settings"],
)
def test_only_what_is_called_a_lab_is_ever_broken(lab: Path, settings: str, told: str) -> None:
    path = lab / "midwatch.toml"
    path.write_text(settings) if settings else path.unlink()

    with pytest.raises(errors.UserError) as error:
        plan()

    assert told in error.value.message


@pytest.mark.parametrize("arm", list(model.Arm))
def test_no_arm_of_a_drill_gets_round_that(lab: Path, arm: model.Arm) -> None:
    (lab / "midwatch.toml").write_text("[targets.lab]\n")

    with pytest.raises(errors.UserError, match="a lab"):
        plan(arms=(arm,))


def test_a_procedure_that_is_not_there_is_told(lab: Path) -> None:
    (lab / "faults.toml").write_text(FAULTS.format(procedure="mnd"))

    with pytest.raises(errors.UserError, match="has no procedure “mnd”"):
        plan()


def test_an_input_without_a_value_is_told_with_the_line_to_write(lab: Path) -> None:
    (lab / "faults.toml").write_text(FAULTS.format(procedure="wants-a-name"))

    with pytest.raises(errors.UserError, match="asks for file-name") as error:
        plan()

    assert error.value.hint == 'Write: set = { file-name = "…" }'


def test_an_input_may_be_found_out_once_it_is_broken(lab: Path) -> None:
    faults = FAULTS.format(procedure="wants-a-name") + 'find = { file-name = "ls" }\n'
    (lab / "faults.toml").write_text(faults)

    planned = plan()

    pasted = planned.pasted(planned.rehearsals[0].fault, {"file-name": "state"})
    assert pasted.text == "touch state\n"


def test_a_wrong_procedure_may_want_what_nobody_gives_it(lab: Path) -> None:
    assert [each.arm for each in plan(arms=(model.Arm.WRONG,)).rehearsals] == [model.Arm.WRONG]
    assert (lab / "faults.toml").is_file()


def test_a_timeout_that_is_given_counts_for_every_fault(lab: Path) -> None:
    assert plan(timeout=7.0).rehearsals[0].fault.limits.timeout == 7.0
    assert lab.is_dir()


@pytest.mark.parametrize(
    ("words", "path", "names"),
    [
        ((), "faults.toml", ()),
        (("down",), "faults.toml", ("down",)),
        (("other.toml", "down"), "other.toml", ("down",)),
        ((".", "down", "slow"), "faults.toml", ("down", "slow")),
    ],
    ids=str,
)
def test_the_faults_file_is_named_or_lies_here(
    lab: Path, words: tuple[str, ...], path: str, names: tuple[str, ...]
) -> None:
    assert drill_plan.file_named(words) == (Path(path), names)
    assert lab.is_dir()


def test_without_a_faults_file_one_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(errors.UserError, match="Which faults file"):
        drill_plan.file_named(("down",))


def test_what_is_pasted_is_the_procedures_blocks_with_the_values_in_them(lab: Path) -> None:
    text = RUNBOOK + "\n**Rollback**:\n\n```bash\necho down > state\n```\n"
    (lab / "RUNBOOK.md").write_text(text)
    faults = FAULTS.format(procedure="wants-a-name") + 'set = { file-name = "state" }\n'
    (lab / "faults.toml").write_text(faults)

    planned = plan(arms=(model.Arm.PASTE,))

    assert planned.pasted(planned.rehearsals[0].fault, {}).text == "touch state\n"


def test_a_targets_own_programs_come_first(lab: Path) -> None:
    (lab / "midwatch.toml").write_text('[targets.lab]\nlab = true\npath = ["bin", "/opt/lab"]\n')

    assert plan().environment["PATH"].startswith(f"{lab}/bin:/opt/lab:")

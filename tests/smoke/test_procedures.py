"""What a document says besides plain steps: scripts, ways, conditions, people, undo, targets."""

from __future__ import annotations

import json
from typing import Any

Desk = Any


def kinds(ended: Any) -> list[str]:  # noqa: ANN401  (what the desk gives back)
    return [event["kind"] for event in ended.events]


SCRIPT = """# Work

## The script

```bash
#!/bin/bash
# save as: health-check.sh
echo "checked $1"
```

## Mend it

```bash
# Check
./scripts/health-check.sh web
bash health-check.sh db
```
"""


def test_a_script_of_the_document_is_called_without_touching_the_users_folder(desk: Desk) -> None:
    desk.write(SCRIPT)

    ended = desk.run("--yes", "change", "--json")

    assert ended.code == 0, ended.output + ended.errors
    assert [each["tail"] for each in ended.finished()] == ["checked web\n", "checked db\n"]
    assert [path.name for path in desk.folder.iterdir()] == ["RUNBOOK.md"]


def test_a_script_that_the_user_has_is_the_one_that_runs(desk: Desk) -> None:
    desk.write(SCRIPT)
    (desk.folder / "scripts").mkdir()
    own = desk.folder / "scripts" / "health-check.sh"
    own.write_text("#!/bin/sh\necho own\n")
    own.chmod(0o755)

    ended = desk.run("--yes", "change", "--json")

    assert ended.finished()[0]["tail"] == "own\n"


WAYS = """# Work

## Mend it

```bash
# Restart one
echo one >> done

# Or restart all:
echo all >> done
```
"""


def test_unattended_the_first_way_is_taken_unless_another_is_named(desk: Desk) -> None:
    desk.write(WAYS)
    first = desk.run("--yes", "change", "--json")
    assert first.code == 0, first.output + first.errors
    assert (desk.folder / "done").read_text() == "one\n"
    (desk.folder / "done").unlink()
    options = {step["option"] for step in first.events[0]["plan"]["steps"]}
    (other,) = {option for option in options if "all" in (option or "").lower()}

    second = desk.run("--yes", "change", "--json", "--choose", other)

    assert second.code == 0, second.output + second.errors
    assert (desk.folder / "done").read_text() == "all\n"


def test_the_way_back_is_shown_and_not_walked(desk: Desk) -> None:
    desk.write(
        "# Work\n\n## Mend it\n\n**Resolution:**\n\n```bash\ntouch changed\n```\n\n"
        "**Rollback:**\n\n```bash\nrm changed\n```\n"
    )

    ended = desk.run("--yes", "change", "--json")

    assert ended.code == 0, ended.output + ended.errors
    assert ended.events[0]["plan"]["undo_steps"] == ["rm changed"]
    assert (desk.folder / "changed").exists()


def test_a_target_brings_its_environment_and_its_name(desk: Desk) -> None:
    desk.write(
        "[targets.production]\nkubeconfig = 'kube/production'\nenvironment = { REGION = 'eu' }\n",
        "midwatch.toml",
    )
    desk.steps("echo $KUBECONFIG $REGION")

    ended = desk.run("--json", "--target", "production")

    assert ended.finished()[0]["tail"] == f"{desk.folder}/kube/production eu\n"
    assert ended.events[0]["plan"]["target"] == "production"


def test_the_policy_of_the_folder_holds(desk: Desk) -> None:
    desk.write(
        "[[policy]]\ndecision = 'refuse'\neffect = 'change'\nreason = 'Frozen.'\n",
        "midwatch.toml",
    )
    desk.steps("touch changed")

    ended = desk.run("--yes", "change")

    assert ended.code == 4
    assert "Frozen." in ended.output
    assert not (desk.folder / "changed").exists()


def test_the_first_line_names_the_run_and_the_last_how_it_ended(desk: Desk) -> None:
    desk.steps("echo one")

    ended = desk.run("--json")

    assert ended.events[0]["run_id"] == ended.run_id
    assert kinds(ended) == ["planned", "step-started", "step-finished", "finished"]
    assert ended.events[-1]["outcome"] == "succeeded"
    assert "environment" not in ended.events[0]["plan"]


def test_a_dry_run_for_programs_is_the_plan_in_one_line(desk: Desk) -> None:
    desk.steps("touch changed")

    ended = desk.run("--dry-run", "--json")
    (planned,) = ended.events

    assert (ended.code, planned["run_id"], planned["dry_run"]) == (0, None, True)
    assert planned["plan"]["steps"][0]["effect"] == "change"


def test_a_transcript_tells_each_command_with_what_it_printed(desk: Desk) -> None:
    desk.steps("echo '```'; echo two", "ls nowhere")
    ended = desk.run("--yes", "change")

    told = desk.midwatch("transcript", ended.run_id).output

    assert told.startswith("# Mend it: failed\n")
    assert "````text\n```\n````" in told
    assert "**failed**: exit 2" in told


def test_runs_are_listed_newest_first(desk: Desk) -> None:
    desk.steps("echo one")
    ids = [desk.run("--json").run_id for _ in range(2)]

    listed = desk.midwatch("runs", "--json")

    assert [json.loads(line)["run_id"] for line in listed.output.splitlines()] == ids[::-1]


def test_pipes_get_no_colours(desk: Desk) -> None:
    desk.steps("echo one")

    assert "\x1b" not in desk.run().output + desk.run("--dry-run").output

"""The seed runbook, as it stands, is carried out on the lab but for what is listed."""

from __future__ import annotations

import os
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.lab import person, script
from tests.lab.conftest import LAB, ROOT

SEED = Path(os.environ.get("MIDWATCH_SHARED", ROOT.parent / "shared")) / "seeds" / "newsletter.md"
CASES = ROOT / "tests" / "cases" / "lab"
BOOK = tomllib.loads((CASES / "newsletter_seed.toml").read_text(encoding="utf-8"))
TOOLS = tomllib.loads((CASES / "newsletter_procedures.toml").read_text(encoding="utf-8"))["tools"]
NOWHERE = "http://127.0.0.1:9"
SECRETS = {"RESEND_API_KEY": "resend-4f1e9c", "R2_SECRET_ACCESS_KEY": "cloud-8d27b1"}

pytestmark = [
    pytest.mark.skipif(os.environ.get("MIDWATCH_LONG") != "1", reason="make test-long"),
    pytest.mark.skipif(not SEED.exists(), reason="The seed runbook is absent: ../shared/seeds."),
    pytest.mark.timeout(3600),
]


@pytest.fixture(scope="module")
def project(newsletter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder as the seed supposes it: logs, scripts, an `aws`, and where the lab is."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("bin", "logs", "scripts", "state"):
        (folder / name).mkdir()
    tools = script.Bench(TOOLS)
    (folder / "logs/app.log").write_text(tools.holds("docker-compose logs newsletter-app"))
    restore = shlex.quote(str(LAB / "scripts/test-backup-restore.sh"))
    write(folder / "scripts/test-backup-restore.sh", f"exec {restore}")
    container = "docker run --rm -i --network newsletter_default -v $PWD:$PWD -w $PWD --user root"
    keys = " ".join(f"--env-file {newsletter}/.state/{name}.env" for name in ("platform", "store"))
    write(
        folder / "bin/aws", f'exec {container} -e https_proxy={NOWHERE} {keys} {image()} aws "$@"'
    )
    (folder / "midwatch.toml").write_text(
        f'[targets.newsletter]\nfolder = "{folder}"\nsql = "${{DATABASE_URL}}"\n'
        f'environment = {{ COMPOSE_FILE = "{newsletter}/compose.yaml" }}\n'
        "[limits]\nendless = 3\n"
    )
    (folder / "RUNBOOK.md").symlink_to(SEED)
    return folder


def image() -> str:
    return "newsletter-app:1.0.0"


def write(path: Path, command: str) -> None:
    """A program of one command."""
    path.write_text(f"#!/bin/sh\n{command}\n")
    path.chmod(0o755)


@pytest.fixture
def somebody(project: Path) -> person.Person:
    """Somebody in that folder, with the environment that the seed speaks of."""
    settings = (LAB / ".state/platform.env").read_text()
    found = re.search(r"^DATABASE_URL=(.+)@postgres/", settings, re.MULTILINE)
    assert found is not None
    return person.Person(
        project,
        project / "state",
        {
            "PATH": f"{project / 'bin'}:{os.environ['PATH']}",
            "https_proxy": NOWHERE,
            "DATABASE_URL": f"{found[1]}@{address('postgres')}/newsletter",
            "R2_ACCOUNT_ID": "account",
            "R2_BUCKET_NAME": "newsletter-assets",
            "R2_ACCESS_KEY_ID": "newsletter",
            **SECRETS,
        },
    )


def address(service: str) -> str:
    """Where a container of the lab can be reached from this machine."""
    form = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    return (
        script.Bench(TOOLS)
        .holds(f"docker inspect -f '{form}' $(docker-compose ps -q {service})")
        .strip()
    )


@pytest.fixture
def bench(project: Path) -> Iterator[script.Bench]:
    """The lab, whole before and after."""
    made = script.Bench(TOOLS, {"PROJECT": str(project)})
    made.holds("eventually healthy")
    yield made
    made.holds("./fault heal slow-queries; eventually healthy")


def test_every_procedure_is_carried_out_but_for_what_is_listed(
    somebody: person.Person, bench: script.Bench
) -> None:
    cannot = {each["line"]: each["reason"] for each in BOOK["cannot"]}
    known, well, badly = set[int](), set[int](), set[int]()
    for case in BOOK["run"]:
        done = carried_out(somebody, bench, case)
        lines = {step["line"] for step in done.steps}
        known |= lines
        well |= {line for line, _ in done.of("done-by-person")}
        ended = done.of("step-finished")
        failed = {line for line, result in ended if result["verdict"] in {"failed", "limit"}}
        well |= {line for line, _ in ended} - failed
        badly |= failed
        assert hollow(done) == [each["line"] for each in BOOK["hollow"] if each["line"] in lines]
        sys.stdout.write(f"{case['procedure']}: {len(ended)} ended, failed: {sorted(failed)}\n")
    sys.stdout.write(f"{len(well)} of {len(known)} succeeded; {len(badly)} could not\n")
    assert sorted(badly) == sorted(cannot), "failed, and listed as impossible"
    assert sorted(known - well) == sorted(cannot), "never succeeded, and listed as impossible"


def hollow(done: person.Done) -> list[int]:
    """Steps that ended well though what they printed says that they did nothing."""
    says = [each["prints"] for each in BOOK["hollow"]]
    return [
        line
        for line, result in done.of("step-finished")
        if any(words in result["tail"] for words in says)
    ]


def carried_out(somebody: person.Person, bench: script.Bench, case: dict[str, Any]) -> person.Done:
    """One run, its effect in the world, and no secret on the screen."""
    bench.holds(case.get("before", "true"))
    inputs = [f"--set={name}={value}" for name, value in case.get("set", {}).items()]
    address = f"RUNBOOK.md#{case['procedure']}"
    try:
        done = somebody.runs(
            *("run", address, "--target", "newsletter", "--yes", "change", *inputs),
            mind=person.Mind(way=case.get("way"), supposes="yes"),
        )
        assert [event["kind"] for event in done.journal][-1:] == ["finished"], done.shown
        assert [value for value in SECRETS.values() if value in done.shown] == []
        bench.holds(case.get("after", "true"))
    finally:
        bench.holds(case.get("clean", "true"))
    return done

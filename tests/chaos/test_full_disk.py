"""A disk that fills up: one clear sentence, nothing recorded is lost, and the run goes on later."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = f'"{sys.executable}" -c "from midwatch.faces.cli.main import main; main()"'
STEPS = ("echo one >>count", "head -c 300000 /dev/zero | tr '\\0' x", "echo two >>count")
SCRIPT = f"""
mkdir -p disk && mount -t tmpfs -o size=$1k tmpfs disk || exit 77
export MIDWATCH_STATE=$PWD/disk/state
midwatch() {{ {PROGRAM} "$@"; }}
midwatch run RUNBOOK.md#mend-it --yes change --json >full.json 2>full.txt
echo $? >full.code
mount -o remount,size=20m disk
id=$(head -n 1 full.json | grep -o '[0-9]*-[0-9]*-[0-9a-z]*' | head -n 1)
midwatch resume "$id" --yes change --json >later.json 2>later.txt
echo $? >later.code
midwatch bundle "$id" bundle.tar.gz && midwatch verify bundle.tar.gz
"""


def small_disk(folder: Path, kilobytes: int) -> subprocess.CompletedProcess[str]:
    """A run on a disk of that size, which grows afterwards; the mount is nobody else's to see."""
    names = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    try:
        return subprocess.run(
            ["unshare", *names, "--mount", "sh", "-c", SCRIPT, "sh", str(kilobytes)],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    except FileNotFoundError:
        pytest.skip("`unshare` (util-linux) is not there to mount a small disk with")


@pytest.mark.parametrize("kilobytes", [250, 400])
def test_a_full_disk_is_one_sentence_and_the_run_goes_on_when_there_is_space(
    tmp_path: Path, kilobytes: int
) -> None:
    blocks = "\n".join(f"```bash\n{step}\n```\n" for step in STEPS)
    text = f"# Work\n\n## Mend it\n\n**Resolution:**\n\n{blocks}"
    (tmp_path / "RUNBOOK.md").write_text(text)

    ended = small_disk(tmp_path, kilobytes)

    if ended.returncode != 0 and not (tmp_path / "full.code").exists():
        pytest.skip(f"a small disk cannot be mounted here: {ended.stderr.strip()}")
    journal = tmp_path / "disk" / "state" / "midwatch.db"
    assert (tmp_path / "full.txt").read_text().splitlines() == [
        f"midwatch: The disk is full: the journal {journal} cannot be written.",
        "  Free some space, then `midwatch resume` the run. What was recorded is kept.",
    ]
    assert (tmp_path / "full.code").read_text() == "1\n"
    assert (tmp_path / "later.code").read_text() == "0\n", (tmp_path / "later.txt").read_text()
    assert (tmp_path / "count").read_text() == "one\ntwo\n"
    before = [json.loads(line) for line in (tmp_path / "full.json").read_text().splitlines()]
    after = [json.loads(line) for line in (tmp_path / "later.json").read_text().splitlines()]
    assert after[1]["seq"] == before[-1]["seq"] + 1
    assert ended.returncode == 0, ended.stdout + ended.stderr

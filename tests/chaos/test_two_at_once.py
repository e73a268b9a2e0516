"""Of several Midwatches that take a run up at once one carries it out; the others never act."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.chaos import lives

from midwatch.runs import journal, model

PROGRAM = [sys.executable, "-c", "from midwatch.faces.cli.main import main; main()"]


def test_of_four_that_resume_a_run_at_once_one_does(tmp_path: Path) -> None:
    work = lives.begin(tmp_path, 6, slow=0, seconds=2.5)
    command = [*PROGRAM, "resume", work.run_id, "--yes", "change", "--json"]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "MIDWATCH_STATE": str(tmp_path),
    }
    started = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    ended = [(process.communicate(timeout=60), process.returncode) for process in started]

    assert sorted(code for _, code in ended) == [0, 1, 1, 1]
    for (_, said), code in ended:
        assert code == 0 or f"Run {work.run_id} is being carried out by process " in said
    assert work.told(lives.CHANGES) == ["0", "1", "2", "4", "5"]
    assert work.told(lives.READS) == ["3"]


def test_where_no_lock_helps_the_second_loses_before_it_acts(tmp_path: Path) -> None:
    work = lives.begin(tmp_path, 2)
    work.files.mkdir(parents=True)
    first, second = lives.opened(work), lives.opened(work)

    assert first.carry_out() is model.Outcome.SUCCEEDED
    with pytest.raises(journal.TakenError, match="Another Midwatch has taken run"):
        second.carry_out()

    assert work.told(lives.CHANGES) == ["0", "1"]

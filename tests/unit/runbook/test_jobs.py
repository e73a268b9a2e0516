"""A background job and what speaks of it are one step: no other shell knows the job."""

from __future__ import annotations

import pytest

from midwatch.runbook import reading


def steps(shell: str) -> list[str]:
    document = f"# Shop\n\n## Look inside\n\n```bash\n{shell}\n```\n"
    runbook = reading.read("shop.md", document.encode())
    return [step.text for step in runbook.procedures[0].steps]


@pytest.mark.parametrize(
    ("shell", "texts"),
    [
        (
            "kubectl port-forward svc/shop 80:80 &\ncurl localhost\nkill $!\nkubectl get pods",
            ["kubectl port-forward svc/shop 80:80 &\ncurl localhost\nkill $!", "kubectl get pods"],
        ),
        (
            "date\nsleep 9 &\nJOB=$!\nuptime\nkill $JOB",
            ["date", "sleep 9 &\nJOB=$!\nuptime\nkill $JOB"],
        ),
        ("make a &\nmake b &\nwait\nls", ["make a &\nmake b &\nwait", "ls"]),
        ("top &\nls", ["top &", "ls"]),
        ("curl 'a?b=1&c=2'\nwait", ["curl 'a?b=1&c=2'", "wait"]),
        ("ls && date\nls 2>&1", ["ls && date", "ls 2>&1"]),
    ],
)
def test_a_job_and_what_speaks_of_it_are_one_step(shell: str, texts: list[str]) -> None:
    assert steps(shell) == texts

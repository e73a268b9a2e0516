"""What runs before anybody is awake only reads."""

from __future__ import annotations

from midwatch.commands import model as commands
from midwatch.runbook import model as runbooks
from midwatch.runbook import reading
from midwatch.runs import diagnosing

TEXT = b"""# Queue

## Backlog

### Diagnosis

```bash
redis-cli llen jobs
kubectl logs <pod> --tail=5
kubectl exec -it worker-0 -- bash
kubectl get secret db -o yaml
redis-cli flushall
```

### Resolution

```bash
kubectl rollout restart deployment/worker
```

## Plain

```bash
df -h
systemctl restart nginx
uptime
```

## Acts

```bash
systemctl restart nginx
```
"""


def procedure(name: str) -> runbooks.Procedure:
    found = reading.read("queue.md", TEXT)
    return next(each for each in found.procedures if each.id == name)


def commands_of(name: str, *known: str) -> list[str]:
    found = diagnosing.of(procedure(name), known)
    return [] if found is None else [step.text.strip() for step in found.procedure.steps]


def test_only_reads_whose_inputs_are_known_run_by_themselves() -> None:
    assert commands_of("backlog") == ["redis-cli llen jobs"]
    assert commands_of("backlog", "pod") == [
        "redis-cli llen jobs",
        "kubectl logs <pod> --tail=5",
    ]


def test_what_is_left_says_why() -> None:
    found = diagnosing.of(procedure("backlog"), ())

    assert found is not None
    assert found.left == (
        (9, "nobody said what pod is"),
        (10, "it is no read but unknown"),
        (11, "it is reveals-secret"),
        (12, "it is no read but destroy"),
    )


def test_without_a_diagnosis_the_reads_before_the_first_change_run() -> None:
    assert commands_of("plain") == ["df -h"]


def test_a_procedure_that_begins_with_a_change_runs_nothing() -> None:
    assert commands_of("acts") == []


def test_every_step_of_a_diagnosis_is_a_read() -> None:
    for each in reading.read("queue.md", TEXT).procedures:
        found = diagnosing.of(each, ("pod",))
        for step in found.procedure.steps if found else ():
            assert step.effect is commands.Effect.READ

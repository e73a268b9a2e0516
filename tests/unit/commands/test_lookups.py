"""A substitution that looks up names stands for names; any other may stand for flags too."""

from __future__ import annotations

import pytest

from midwatch.commands import explaining


@pytest.mark.parametrize(
    ("command", "effect"),
    [
        ("kubectl exec $(kubectl get pods -l app=shop -o name | head -1) -- df -h", "read"),
        (
            "kubectl exec -it $(kubectl get pod -o jsonpath='{.items[0].metadata.name}') -- ls",
            "read",
        ),
        ("kubectl exec $(kubectl get pods -o name) -- rm -rf /data", "destroy"),
        ("docker exec $(docker ps -q -f name=shop) cat /etc/hosts", "read"),
        ("docker exec $(docker ps -q -f name=shop) sh", "unknown"),
        ("kubectl delete pod $(kubectl get pods -o name)", "change"),
        ("kubectl exec $(echo 'shop -- rm -rf /') -- ls", "unknown"),
        ("docker exec $(cat pods.txt) ls", "unknown"),
        ("kubectl exec $(kubectl get pods -o jsonpath='{\"-c x\"}') -- ls", "unknown"),
        ("kubectl exec $(kubectl get pods -o go-template=--all) -- ls", "unknown"),
        ("kubectl exec $(kubectl get pods -o name | sed 's/^/-- rm /') -- ls", "unknown"),
        ("kubectl exec $(kubectl get pods -o name | awk '{print \"-x\"}') -- ls", "unknown"),
        ("kubectl exec $(kubectl get pods -o name; echo -- rm) -- ls", "unknown"),
        ("kubectl exec $(kubectl delete pods --all -o name) -- ls", "destroy"),
        ("find . $(echo -delete)", "unknown"),
    ],
)
def test_only_a_lookup_of_names_is_taken_for_names(command: str, effect: str) -> None:
    assert explaining.explain(command).effect == effect

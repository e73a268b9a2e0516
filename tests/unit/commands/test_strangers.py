"""A program nobody knows is unknown, and its own words can only make it worse."""

from __future__ import annotations

import pytest

from midwatch.commands import explaining


@pytest.mark.parametrize(
    ("command", "effect"),
    [
        ("./scripts/check.sh", "unknown"),
        ("./scripts/destroy-cluster.sh", "destroy"),
        ("./scripts/verify-no-deletes.sh", "unknown"),
        ("shopctl delete order 7", "destroy"),
        ("shopctl --namespace=x purge", "destroy"),
        ("shopctl list --purge", "destroy"),
        ("shopctl list /var/delete/x", "unknown"),
        ("shopctl show one two delete", "unknown"),
        ('shopctl "$verb" x', "unknown"),
    ],
)
def test_a_stranger_is_never_a_read_and_its_words_only_make_it_worse(
    command: str, effect: str
) -> None:
    assert explaining.explain(command).effect == effect

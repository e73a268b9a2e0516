"""Secrets are found by their names and taken out of streams, wherever a chunk may end."""

from __future__ import annotations

import random

import pytest

from midwatch.runs import secrets

NAMES = [
    ("API_TOKEN", "abcd1234", True),
    ("DB_PASSWORD", "abcd1234", True),
    ("PGPASSWORD", "abcd1234", True),
    ("AWS_SECRET_ACCESS_KEY", "abcd1234", True),
    ("RESEND_API_KEY", "abcd1234", True),
    ("DATABASE_URL", "postgres://ada:abcd1234@db/shop", True),
    ("SLACK_WEBHOOK", "https://hooks.example/abcd", True),
    ("GH_PAT", "abcd1234", True),
    ("PWD", "/home/ada/work", False),
    ("OLDPWD", "/home/ada", False),
    ("PATH", "/usr/bin", False),
    ("SSH_AUTH_SOCK", "/run/agent", False),
    ("KEYBOARD", "qwerty", False),
    ("KUBECONFIG", "/home/ada/.kube/config", False),
    ("DATABASE_URL", "postgres://db/shop", False),
    ("TOKEN_FILE", "/run/token", False),
    ("TOKEN", "x", False),
]


@pytest.mark.parametrize(("name", "value", "secret"), NAMES)
def test_a_secret_is_known_by_its_name_or_its_form(
    name: str,
    value: str,
    secret: bool,  # noqa: FBT001
) -> None:
    assert secrets.is_secret(name, value) is secret


def test_a_secret_is_masked_wherever_a_chunk_ends() -> None:
    masker = secrets.Masker(["s3cret-value", "s3cret-value-longer", "other"])
    text = b"a s3cret-value b s3cret-value-longer c s3cret-va other\ns3cret-value" * 3
    whole = masker.whole(text)
    chance = random.Random(1)  # noqa: S311  (where to cut)

    for _ in range(300):
        stream, position, found = masker.stream(), 0, b""
        while position < len(text):
            length = chance.randint(1, 20)
            found += stream.feed(text[position : position + length])
            position += length
        assert found + stream.end() == whole
    assert b"s3cret-value" not in whole
    assert whole.count(b"******") == 12


def test_text_without_a_secret_is_not_held_back() -> None:
    stream = secrets.Masker(["s3cret-value"]).stream()

    assert stream.feed(b"progress 10%") == b"progress 10%"


def test_the_forms_a_tool_prints_are_masked_too() -> None:
    masker = secrets.Masker(['p@ss word"x'])

    for printed in (
        b"cEBzcyB3b3JkIng=",
        b"p%40ss%20word%22x",
        b'{"password": "p@ss word\\"x"}',
    ):
        assert b"******" in masker.whole(printed)


def test_the_password_of_a_url_is_masked_alone_too() -> None:
    masker = secrets.Masker(["postgres://ada:abcd1234@db/shop"])

    assert masker.text("PGPASSWORD=abcd1234") == "PGPASSWORD=******"


def test_without_secrets_nothing_is_touched() -> None:
    masker = secrets.Masker(["", "abc"])

    assert not masker
    assert masker.text("abc") == "abc"

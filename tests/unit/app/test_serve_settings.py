"""[serve], [sources], [tokens] and [alerts]: what is understood, and every slip in a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from midwatch.alerts import rules
from midwatch.app import serve_settings, serving, settings
from midwatch.base import errors

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "api.md"
LONG = "x" * 30
SOURCE = '[sources.am]\nkind = "alertmanager"\n'
ANA = '[tokens.ana]\nrole = "responder"\ntoken = "${ANA}"\n'
EVERYWHERE = '[serve]\nlisten = "0.0.0.0:7070"\n'


def read(folder: Path, text: str) -> settings.Settings:
    path = folder / "midwatch.toml"
    path.write_text(text, encoding="utf-8")
    return settings.read(path)


def test_the_tables_on_the_page_of_the_api_are_understood(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    serve = read(tmp_path, "\n".join(blocks)).serve

    assert serve is not None
    assert set(serve.sources) == {"alertmanager", "grafana", "pd", "backups"}
    assert serve.sources["backups"].rate == 600
    paths = serve.sources["backups"].paths
    assert paths.name == ("check.title", "check.name")
    assert paths.resolved == {"ok", "green"}
    assert paths.labels == {"service": "who.service", "region": "=eu"}
    assert [holder.name for holder in serve.tokens] == ["ana"]


def test_the_tables_on_the_page_of_the_watch_are_understood(tmp_path: Path) -> None:
    page = PAGE.with_name("watch.md").read_text(encoding="utf-8")
    people = PAGE.with_name("people.md").read_text(encoding="utf-8")
    blocks = [
        *re.findall(r"```toml\n(.*?)```", people, re.DOTALL),
        *re.findall(r"```toml\n(.*?)```", page, re.DOTALL),
    ]

    serve = read(tmp_path, "\n".join(blocks)).serve

    assert serve is not None
    assert serve.rules.storm == rules.Storm()
    assert serve.rules.flapping == rules.Flapping()
    assert serve.rules.group_by == rules.GROUP_BY
    assert serve.rules.quiet_severities == rules.Rules().quiet_severities
    assert len(serve.rules.inhibitions) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[serve]\nlisten = "7070:x"', "listen in [serve] is “7070:x”: write it as 127.0.0.1:7070"),
        ('[serve]\nlissten = ":1"', "“lissten” in [serve] (did you mean listen?)"),
        ('[sources.a]\nkind = "alertmanger"', "“alertmanger” (did you mean alertmanager?)"),
        ('[sources.a]\nkind = "grafana"\ntoken = "abc"', "is a literal: secrets never stand"),
        (
            SOURCE + "mapping = { name = 'x' }",
            "is for generic and cloudevents, not for alertmanager",
        ),
        ('[sources.a]\nkind = "generic"\nmapping = { nam = "x" }', "“nam” in [sources.a.mapping]"),
        ('[tokens.a]\nrole = "root"\ntoken = "${A}"', "role in [tokens.a] is “root” (known:"),
        ("[[alerts.inhibit]]\nsource = 'a=\"b\"'", "has no target: it would be about every alert"),
        ("[alerts.storm]\nincidents = 0", "is a whole number from 1 on"),
    ],
)
def test_a_slip_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(errors.UserError) as error:
        read(tmp_path, text)

    assert told in error.value.message


@pytest.mark.parametrize(
    ("text", "environment", "told"),
    [
        (EVERYWHERE, {}, "without [tokens] anybody there could acknowledge your pages"),
        (EVERYWHERE + SOURCE + ANA, {"ANA": LONG}, "[sources.am] has no token"),
        (ANA, {}, "${ANA}, which is not set"),
        (ANA, {"ANA": "short"}, "${ANA} is shorter than 16 characters"),
    ],
)
def test_an_unsafe_start_is_refused(
    tmp_path: Path, text: str, environment: dict[str, str], told: str
) -> None:
    found = read(tmp_path, text)

    with pytest.raises(errors.UserError) as error:
        serving.prepare(found, {**environment, "MIDWATCH_STATE": str(tmp_path)})

    assert told in error.value.message


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104  (that it is told apart is the point)
        ("10.0.0.7", False),
        ("::", False),
        ("localhost.evil.example.org", False),
        ("", False),
    ],
)
def test_it_is_known_which_addresses_only_this_machine_reaches(
    host: str, *, only_here: bool
) -> None:
    assert serve_settings.loopback(host) is only_here

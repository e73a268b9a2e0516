"""The channels of a team, made from midwatch.toml and the secrets in the environment."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping

from midwatch.app import secret, watch_channels
from midwatch.base import clock, errors
from midwatch.engine.watch import sending
from midwatch.incidents import delivery
from midwatch.plugs.channels import (
    apprise,
    channel,
    email,
    pagerduty,
    registry,
    slack,
    sms,
    webhook,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """The channels that work, and why others do not: one missing secret stops one channel only."""

    channels: Mapping[str, channel.Limited]
    missing: Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Surroundings:
    """What channels need beside their settings."""

    environment: Mapping[str, str]
    ticks: clock.Clock
    own: Collection[str] = ()
    """Midwatch's own addresses: a webhook to them would be a circle."""
    source: str = "midwatch"


def made(given: watch_channels.Channels, around: Surroundings) -> Made:
    """Every channel that is set up; whoever needs one that is not made is told why."""
    channels: dict[str, channel.Limited] = {}
    missing: dict[str, str] = {}
    for name in registry.NAMES:
        try:
            inner = MAKERS[name](given, around)
        except errors.UserError as error:
            missing[name] = error.message
            continue
        if inner is not None:
            channels[name] = channel.Limited(
                name,
                inner,
                around.ticks,
                seconds=PATIENT if name in {email.NAME, apprise.NAME} else channel.SECONDS,
                place=PLACES.get(name, _one_place),
            )
    return Made(channels, missing)


PATIENT = 20.0
"""A mail server may greet slowly on purpose; Apprise sleeps between what it sends."""


def _one_place(_: str) -> str:
    return ""


def _address(address: str) -> str:
    return address


PLACES: Mapping[str, Callable[[str], str]] = {
    webhook.NAME: webhook.place,
    apprise.NAME: _address,
}
"""Channels whose addresses are servers of their own: one that hangs says nothing of the others."""


def senders(made_channels: Made) -> dict[str, sending.Send]:
    """What the outbox hands its messages to; a channel that could not be made says why."""

    def refusing(why: str) -> sending.Send:
        return lambda _: delivery.Never(why)

    found: dict[str, sending.Send] = {
        name: refusing(why) for name, why in made_channels.missing.items()
    }
    return found | {name: each.send for name, each in made_channels.channels.items()}


def _slack(given: watch_channels.Channels, around: Surroundings) -> channel.Channel | None:
    if given.slack is None:
        return None
    return slack.Slack(given.slack.token.value(around.environment), given.slack.url, around.ticks)


def _email(given: watch_channels.Channels, around: Surroundings) -> channel.Channel | None:
    found = given.email
    if found is None:
        return None
    password = found.password.value(around.environment) if found.password else ""
    server = email.Server(found.host, found.port, found.encryption, found.user, password)
    return email.Email(server, found.sender, around.ticks)


def _pagerduty(given: watch_channels.Channels, around: Surroundings) -> channel.Channel | None:
    if given.pagerduty is None:
        return None
    keys = _values(given.pagerduty.keys, around)
    return pagerduty.PagerDuty(keys, given.pagerduty.url, around.ticks)


def _webhook(given: watch_channels.Channels, around: Surroundings) -> channel.Channel | None:
    if given.webhook is None:
        return None
    value = given.webhook.secret.value(around.environment)
    return webhook.Webhook(value, around.ticks, source=around.source, own=around.own)


def _sms(given: watch_channels.Channels, around: Surroundings) -> channel.Channel | None:
    found = given.sms
    if found is None:
        return None
    token = found.token.value(around.environment)
    return sms.Sms(found.account, token, found.sender, url=found.url, ticks=around.ticks)


def _apprise(given: watch_channels.Channels, around: Surroundings) -> channel.Channel | None:
    if given.apprise is None:
        return None
    if not apprise.is_there():
        raise errors.UserError("[channels.apprise] needs Apprise: pip install 'midwatch[apprise]'.")
    return apprise.Apprise(_values(given.apprise.urls, around))


def _values(named: Mapping[str, secret.Secret], around: Surroundings) -> dict[str, str]:
    return {name: each.value(around.environment) for name, each in named.items()}


MAKERS: Mapping[str, Callable[[watch_channels.Channels, Surroundings], channel.Channel | None]] = {
    slack.NAME: _slack,
    email.NAME: _email,
    pagerduty.NAME: _pagerduty,
    webhook.NAME: _webhook,
    sms.NAME: _sms,
    apprise.NAME: _apprise,
}

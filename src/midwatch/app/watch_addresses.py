"""An address for each channel, checked while it is day: a wrong one is found before it is used."""

from __future__ import annotations

import urllib.parse

from midwatch.app import toml_fields
from midwatch.base import lazy

CHANNELS = ("slack", "sms", "email", "pagerduty", "webhook", "apprise")
SLACK = lazy.pattern(r"[UWCGD][A-Z0-9]{4,20}|#[a-z0-9._-]{1,80}")
EMAIL = lazy.pattern(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
PHONE = lazy.pattern(r"\+[1-9][0-9]{6,14}")
DEFAULT = "default"


def read(channel: str, table: toml_fields.Table) -> str:
    """The person's address on that channel, in the form the channel wants."""
    if channel in {"pagerduty", "apprise"}:
        return table.text(channel, DEFAULT)
    text = table.text(channel)
    found = FORMS[channel](text)
    if found is None:
        raise ValueError(f"{channel} in {table.where} is “{text[:60]}”, {WANTED[channel]}")
    return found


def _slack(text: str) -> str | None:
    return text if SLACK.fullmatch(text) else None


def is_email(text: str) -> bool:
    """Whether the text is one e-mail address."""
    return EMAIL.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Whether the text is an http or https URL that holds no password."""
    try:
        parts = urllib.parse.urlsplit(text)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return named and parts.scheme in {"http", "https"} and parts.username is None


def _email(text: str) -> str | None:
    return text if is_email(text) else None


def _sms(text: str) -> str | None:
    bare = "".join(each for each in text if each not in " -()./")
    return bare if PHONE.fullmatch(bare) else None


def _webhook(text: str) -> str | None:
    return text if is_url(text) else None


NO_URL = "not an http or https URL without a password in it"
FORMS = {"slack": _slack, "email": _email, "sms": _sms, "webhook": _webhook}
WANTED = {
    "slack": "not a member or channel id such as U024BE7LH, or #channel",
    "email": "not an e-mail address",
    "sms": "not a number with its country code, such as +5511912345678",
    "webhook": NO_URL,
}

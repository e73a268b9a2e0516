"""The long tail: whatever Apprise can reach, by a URL that only the environment knows."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from midwatch.base import lazy
from midwatch.incidents import delivery, messages
from midwatch.plugs.channels import channel, wording

if TYPE_CHECKING:
    import apprise

NAME = "apprise"
RESERVED = "retry=0"
"""The outbox tries again; a second patience inside Apprise would only hide the first."""


def is_there() -> bool:
    """Whether the library is installed: `midwatch[apprise]`."""
    return importlib.util.find_spec("apprise") is not None


def _library() -> apprise.Apprise:
    """An empty list of services; the library is loaded at the first use, 200 ms."""
    return cast("apprise.Apprise", lazy.module("apprise").Apprise())


class Apprise:
    """Services by name; each is an Apprise URL, made anew for each message."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = dict(urls)
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would log its URLs

    def send(self, message: messages.Message) -> delivery.Attempt:
        """Send it; Apprise tells only whether it worked."""
        url = self._urls.get(message.address)
        if url is None:
            return delivery.Never(f"there is no Apprise URL “{message.address}”")
        made = _library()
        if not made.add(without_retry(url)):
            return delivery.Never(f"Apprise cannot read its URL “{message.address}”")
        words = wording.of(message)
        if made.notify(title=words.headline, body=_body(words)):
            return delivery.Accepted("taken by Apprise, which gives no receipt")
        return delivery.Later(f"Apprise could not deliver to “{message.address}”")

    def check(self) -> channel.Checked:
        """Whether Apprise understands every URL."""
        bad = [name for name, url in self._urls.items() if not _library().add(url)]
        if bad:
            return channel.Checked(fine=False, told=f"cannot read the URL of {', '.join(bad)}")
        return channel.Checked(fine=True, told="its URLs are read; proved by `midwatch page`")


def without_retry(url: str) -> str:
    """The URL with Apprise's own retries switched off."""
    bare, mark, query = url.partition("?")
    kept = [each for each in query.split("&") if each and not each.startswith("retry=")]
    return f"{bare}?{'&'.join([*kept, RESERVED])}" if mark or kept else f"{bare}?{RESERVED}"


def _body(words: wording.Words) -> str:
    facts = [f"{name}: {value}" for name, value in words.facts]
    tail = [each for each in (words.link, words.answer) if each]
    return "\n".join([words.lead, "", *facts, *words.lines, "", *tail]).strip() or words.headline

"""SMS by Twilio, or whoever speaks as Twilio does: one short text that says how to answer."""

from __future__ import annotations

import base64
import unicodedata
import urllib.parse

from midwatch.base import clock
from midwatch.incidents import delivery, messages
from midwatch.plugs.channels import channel, exchange, webhook, wording

NAME = "sms"
MOST = 160
"""What fits into one text; a longer one costs twice and may arrive in the wrong order."""
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€")
"""Each of these counts as two."""
PLAIN = str.maketrans(
    {
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2018": "'",
        "\u2019": "'",
        "`": "'",
        "\u2013": "-",
        "\u2014": "-",
        "\u00b7": "-",
        "\u2022": "-",
        "\u2026": "...",
        "\u2192": "->",
        "\u00d7": "x",
        "\u00a0": " ",
        "\u2265": ">=",
        "\u2264": "<=",
    }
)
"""What is written differently there."""


class Sms:
    """An account that sends from one number or messaging service."""

    def __init__(
        self, account: str, token: str, sender: str, *, url: str, ticks: clock.Clock
    ) -> None:
        self._token = token
        self._sender = sender
        self._place = (
            f"{url.rstrip('/')}/2010-04-01/Accounts/{urllib.parse.quote(account, safe='')}"
        )
        basic = base64.b64encode(f"{account}:{token}".encode()).decode()
        self._headers = {"authorization": f"Basic {basic}"}
        self._ticks = ticks

    def send(self, message: messages.Message) -> delivery.Attempt:
        """Send one text."""
        sender = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        form = {"To": message.address, sender: self._sender, "Body": text(message)}
        headers = {
            **self._headers,
            "content-type": "application/x-www-form-urlencoded",
            "idempotency-key": webhook.message_id(message),
        }
        request = exchange.Request(
            f"{self._place}/Messages.json", urllib.parse.urlencode(form).encode(), headers
        )
        answer = exchange.ask(request)
        if isinstance(answer, delivery.Later):
            return answer
        said = answer.json()
        told = exchange.clean(said.get("message") or "", self._token)
        judged = exchange.judged(answer, told, self._ticks.now())
        if judged is not None:
            return judged
        if not isinstance(said.get("sid"), str):
            return delivery.Later("what answered does not speak as Twilio does")
        status = exchange.clean(said.get("status") or "accepted")
        if status in FAILED:
            return delivery.Never(f"{status}: {told or 'no reason given'}")
        return delivery.Accepted(f"{exchange.clean(said['sid'])} {status}")

    def follow(self, receipt: str) -> delivery.Fate:
        """What became of a text since it was accepted."""
        sid = receipt.partition(" ")[0]
        place = f"{self._place}/Messages/{urllib.parse.quote(sid, safe='')}.json"
        answer = exchange.ask(exchange.Request(place, headers=self._headers, method="GET"))
        if isinstance(answer, delivery.Later):
            return delivery.OnItsWay()
        said = answer.json()
        status = exchange.clean(said.get("status") or "", self._token)
        if status in FAILED:
            told = exchange.clean(said.get("error_message") or said.get("error_code") or "")
            return delivery.Lost(f"{status}: {told}" if told else status)
        return delivery.Arrived(f"{sid} {status}") if status in ARRIVED else delivery.OnItsWay()

    def check(self) -> channel.Checked:
        """Whether account and token are good."""
        request = exchange.Request(f"{self._place}.json", headers=self._headers, method="GET")
        answer = exchange.ask(request)
        if isinstance(answer, delivery.Later):
            return channel.Checked(fine=False, told=answer.why)
        said = answer.json()
        judged = exchange.judged(
            answer, exchange.clean(said.get("message") or "", self._token), self._ticks.now()
        )
        if isinstance(judged, delivery.Later | delivery.Never):
            return channel.Checked(fine=False, told=judged.why)
        status = exchange.clean(said.get("status") or "?")
        return channel.Checked(fine=status == "active", told=f"the account is {status}")


ARRIVED = frozenset({"delivered", "read"})
FAILED = frozenset({"failed", "undelivered", "canceled"})


def text(message: messages.Message) -> str:
    """What the person reads: how bad, what, and how to answer, in one text."""
    words = wording.of(message)
    answer = words.link or words.answer
    tail = f" {'Answer' if words.answer else 'See'}: {answer}" if answer else ""
    tail = plain(tail) if length(plain(tail)) <= MOST // 2 else plain(f" {words.answer}".rstrip())
    head = words.headline
    if message.kind is messages.Kind.UPDATE and words.lead:
        head = f"{words.headline}: {words.lead}"
    return shortened(plain(head), MOST - length(tail)) + tail


def plain(line: str) -> str:
    """The same in the letters of one text; what has no letter there becomes the nearest one."""
    made = line.translate(PLAIN)
    return "".join(_letter(each) for each in made)


def _letter(each: str) -> str:
    if each in BASIC or each in EXTENDED:
        return each
    bare = unicodedata.normalize("NFKD", each)[0]
    return bare if bare in BASIC else "?"


def length(line: str) -> int:
    """How much of a text the line takes."""
    return sum(2 if each in EXTENDED else 1 for each in line)


def shortened(line: str, most: int) -> str:
    """The line, cut where it does not fit."""
    if length(line) <= most:
        return line
    while line and length(line) > most - 3:
        line = line[:-1]
    return line.rstrip() + "..."

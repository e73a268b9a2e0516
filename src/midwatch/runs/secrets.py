"""Which values are secrets, and their removal from whatever is shown or stored."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping

from midwatch.runs import model

NAME = re.compile(
    r"PASS(?:WORD|WD|PHRASE)?(?![A-Z])|PASSW|SECRET|TOKEN|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY"
    r"|(?:^|_)KEY$|(?:^|_)AUTH$|(?:^|_)DSN$|(?:^|_)PAT$|COOKIE|WEBHOOK",
    re.IGNORECASE,
)
NOT_SECRET = re.compile(r"_(?:FILE|PATH|DIR|URL_PREFIX|NAME|ID)$|^SSH_AUTH_SOCK$", re.IGNORECASE)
USER_INFO = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@]*:([^\s/@]+)@", re.IGNORECASE)
SHORTEST = 4
"""A shorter value would mask half of everything, and hides nothing worth hiding."""
SHORTEST_LINE = 12


def is_secret(name: str, value: str) -> bool:
    """Whether a variable of that name and value should never be written down."""
    if USER_INFO.search(value):
        return True
    return bool(NAME.search(name)) and not NOT_SECRET.search(name) and len(value) >= SHORTEST


def of_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables whose values are secrets."""
    return {name: value for name, value in environment.items() if is_secret(name, value)}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _forms(value: str) -> Iterator[str]:
    """The value, and how tools commonly print it."""
    yield value
    yield from USER_INFO.findall(value)
    yield urllib.parse.quote(value, safe="")
    yield json.dumps(value)[1:-1]
    yield base64.b64encode(_bytes(value)).decode()
    yield base64.b64encode(_bytes(value) + b"\n").decode()
    yield value.replace("'", "'\\''")
    if "\n" in value:
        yield value.replace("\n", "\r\n")
        yield from (line for line in value.splitlines() if len(line) >= SHORTEST_LINE)


DRAWN = rb"(?:\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[=>]|\r|\n|\x08| \r)*"
"""What a terminal is told between two characters of one word."""


class Masker:
    """Takes secret values out of bytes and text, also where a value is cut by a chunk's end."""

    def __init__(self, values: Iterable[str]) -> None:
        self._values: frozenset[str] = frozenset()
        self._forms: tuple[bytes, ...] = ()
        self._pattern: re.Pattern[bytes] | None = None
        self._longest = 0
        self.learn(values)

    def learn(self, values: Iterable[str]) -> None:
        """From now on these are masked too."""
        together = self._values.union(value for value in values if len(value) >= SHORTEST)
        if together == self._values:
            return
        self._values = together
        forms = {form for value in together for form in _forms(value)}
        found = sorted((_bytes(form) for form in forms if len(form) >= SHORTEST), key=len)
        self._forms = tuple(reversed(found))
        self._pattern = re.compile(b"|".join(map(re.escape, self._forms))) if found else None
        self._longest = len(found[-1]) if found else 0

    def __bool__(self) -> bool:
        """Whether there is anything to mask."""
        return self._pattern is not None

    def text(self, text: str) -> str:
        """The text without secrets."""
        if self._pattern is None:
            return text
        return self.whole(text.encode("utf-8", "surrogateescape")).decode(
            "utf-8", "surrogateescape"
        )

    def whole(self, data: bytes) -> bytes:
        """All of the data, without secrets."""
        return self._pattern.sub(model.MASK.encode(), data) if self._pattern else data

    def drawn(self, data: bytes) -> bytes:
        """What was drawn on a terminal, without secrets, also those drawn in pieces."""
        if self._pattern is None:
            return data
        forms = (DRAWN.join(re.escape(bytes([each])) for each in form) for form in self._forms)
        return re.sub(b"|".join(forms), model.MASK.encode(), data)

    def stream(self) -> Stream:
        """For data that comes in pieces."""
        return Stream(self)

    def split(self, data: bytes) -> tuple[bytes, bytes]:
        """What can be let go of, masked, and the end that may be the beginning of a secret."""
        if self._pattern is None:
            return data, b""
        done, last = [], 0
        for match in self._pattern.finditer(data):
            if self._may_grow(data, match.start()):
                break
            done += [data[last : match.start()], model.MASK.encode()]
            last = match.end()
        rest = data[last:]
        keep = self._beginning(rest)
        done.append(self.whole(rest[: len(rest) - keep]))
        return b"".join(done), rest[len(rest) - keep :]

    def _may_grow(self, data: bytes, start: int) -> bool:
        """A longer secret may begin where a shorter one was found."""
        tail = data[start:]
        return len(tail) < self._longest and any(
            len(form) > len(tail) and form.startswith(tail) for form in self._forms
        )

    def _beginning(self, data: bytes) -> int:
        """How long the end of the data is that begins some secret; as long as can be."""
        for length in range(min(len(data), self._longest - 1), 0, -1):
            end = data[-length:]
            if any(len(form) > length and form.startswith(end) for form in self._forms):
                return length
        return 0


class Stream:
    """Pieces of output in, the same without secrets out."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._kept = b""

    def feed(self, data: bytes) -> bytes:
        """What may be shown now."""
        done, self._kept = self._masker.split(self._kept + data)
        return done

    def end(self) -> bytes:
        """What was held back, as nothing more comes."""
        done, self._kept = self._masker.whole(self._kept), b""
        return done

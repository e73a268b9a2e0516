"""One call of the API: its path, its query and its body, read strictly."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any

from midwatch.app import toml_fields
from midwatch.base import errors

LENGTHS = re.compile(r"(\d{1,6})\s*(m|h|d)")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
MOST = 1000
EARLIEST, LATEST = 2000, 2200


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """What somebody asks for."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]

    def only(self, *known: str) -> None:
        """Refuse whatever else was sent, with the name that was probably meant."""
        for key in (*self.query, *self.body):
            if key not in known:
                raise errors.UserError(f"“{key[:80]}” is unknown {toml_fields.near(key, known)}.")

    def text(self, key: str, default: str | None = None, *, longest: int = MOST) -> str:
        """A text of the body; without a default it must be there."""
        value = self.body.get(key, default)
        if value is None:
            raise errors.UserError(f"{key} is missing.")
        if not isinstance(value, str) or len(value) > longest:
            raise errors.UserError(f"{key} is no text of at most {longest} characters.")
        found = "".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in value)
        if default is None and not found.strip():
            raise errors.UserError(f"{key} is empty.")
        return found.strip()

    def texts(self, key: str) -> Sequence[str]:
        """A list of texts of the body."""
        value = self.body.get(key)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise errors.UserError(f"{key} is no list of texts.")
        return value

    def switch(self, key: str) -> bool:
        """True or false in the body; false where nothing is said."""
        value = self.body.get(key, False)
        if not isinstance(value, bool):
            raise errors.UserError(f"{key} is neither true nor false.")
        return value

    def limit(self, default: int = 100) -> int:
        """How many the caller wants."""
        text = self.query.get("limit", str(default))
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MOST):
            raise errors.UserError(f"limit is a number from 1 to {MOST}.")
        return int(text)

    def number(self, text: str, what: str) -> int:
        """A number in the path or the query."""
        if not (text.isascii() and text.isdecimal() and len(text) < 18):  # noqa: PLR2004  (64 bits)
            raise errors.UserError(f"{what} is no number.")
        return int(text)

    def one_of(self, key: str, known: Sequence[str], default: str) -> str:
        """One of these words, in the query."""
        word = self.query.get(key, default)
        if word not in known:
            raise errors.UserError(f"{key} is one of {', '.join(filter(None, known))}.")
        return word

    def moment(self, key: str, value: object, now: datetime.datetime) -> datetime.datetime:
        """A moment with its zone, or a time from now such as `2h`."""
        found = LENGTHS.fullmatch(value) if isinstance(value, str) else None
        if found is not None:
            return now + datetime.timedelta(**{UNITS[found[2]]: int(found[1])})
        try:
            read = datetime.datetime.fromisoformat(str(value))
        except ValueError:
            read = None
        if read is None or read.tzinfo is None or not EARLIEST <= read.year <= LATEST:
            raise errors.UserError(
                f"{key} is no moment.", "Write 2026-11-22T03:14:00Z, or 2h: that long from now."
            )
        return read.astimezone(datetime.UTC)

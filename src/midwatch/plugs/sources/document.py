"""JSON from outside: read within limits, and told in a sentence where it cannot be."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from midwatch.base import errors, lazy

MOST_LABELS = 64
LONGEST_NAME = 128
LONGEST_LABEL = 2048
LONGEST_ANNOTATION = 16384
CUT = "…"
UNSEEN = lazy.pattern(
    r"[^\t\n\x20-\x7e\xa0-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Control characters, halves of characters, and marks that turn the direction of text around."""
BLANK = lazy.pattern(r"\s+")


def load(body: bytes) -> Any:  # noqa: ANN401  (whatever JSON holds)
    """The JSON of a body."""
    try:
        return json.loads(body, parse_constant=_no_number)
    except RecursionError as error:
        raise errors.UserError("The body is nested too deeply to be an alert.") from error
    except UnicodeDecodeError as error:
        raise errors.UserError("The body is no text in UTF-8.", "Send JSON in UTF-8.") from error
    except ValueError as error:
        raise errors.UserError(
            f"The body is no JSON: {error}.", "Send one JSON document."
        ) from error


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number in JSON")


def table(value: object, where: str) -> dict[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise errors.UserError(f"{where} is {shown(value)}, not an object.")
    return value


def listed(value: object, where: str) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise errors.UserError(f"{where} is {shown(value)}, not a list.")
    return value


def labels(value: object, where: str) -> dict[str, str]:
    """Labels: few, each one line; what is empty is left out, as Prometheus does."""
    given = {} if value is None else table(value, where)
    if len(given) > MOST_LABELS:
        raise errors.UserError(
            f"{where} has {len(given)} labels; at most {MOST_LABELS} are taken.",
            "Drop what nobody groups or routes by: values belong into annotations.",
        )
    if _is_plain(given, LONGEST_LABEL):
        return given
    return {name(key, where): found for key in given if (found := line(given[key], key, where))}


def notes(value: object, where: str) -> dict[str, str]:
    """Annotations: text of several lines, longer than labels."""
    given = {} if value is None else table(value, where)
    if len(given) > MOST_LABELS:
        raise errors.UserError(
            f"{where} has {len(given)} annotations; at most {MOST_LABELS} are taken."
        )
    if _is_plain(given, LONGEST_ANNOTATION):
        return dict(given)
    return {name(key, where): text(given[key], key, where) for key in given}


def _is_plain(given: dict[str, Any], longest: int) -> bool:
    """Whether all of it is short printable text, as it nearly always is; judged all at once."""
    names = "".join(given)
    values = given.values()
    try:
        together = names + "".join(values)
    except TypeError:
        return False
    if len(names) > LONGEST_NAME or len(together) > longest or not together.isprintable():
        return False
    return "" not in given and "" not in values


def name(key: str, where: str) -> str:
    """The name of a label."""
    if not key or len(key) > LONGEST_NAME or not key.isprintable():
        raise errors.UserError(
            f"{where} has a name of {len(key)} characters, or with characters nobody sees.",
            f"A name has 1 to {LONGEST_NAME} printable characters.",
        )
    return key


def line(value: object, key: str, where: str) -> str:
    """One line: control characters become blanks, what is too long is cut."""
    if type(value) is str and len(value) <= LONGEST_LABEL and value.isprintable():
        return value
    cleaned = BLANK.sub(" ", clean(scalar(value, key, where))).strip()
    return cut(cleaned, LONGEST_LABEL)


def text(value: object, key: str, where: str) -> str:
    """Text of several lines, cleaned and cut."""
    if type(value) is str and len(value) <= LONGEST_ANNOTATION and value.isprintable():
        return value
    return cut(clean(scalar(value, key, where)), LONGEST_ANNOTATION)


def scalar(value: object, key: str, where: str) -> str:
    """A text, number or truth value as text; anything else is no value of a label."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case None:
            return ""
        case _:
            raise errors.UserError(
                f"{key[:LONGEST_NAME]!r} in {where} is {shown(value)}, not text."
            )


def clean(value: str) -> str:
    """The text without what nobody sees."""
    return value if value.isprintable() else UNSEEN.sub("\ufffd", value.replace("\r\n", "\n"))


def cut(value: str, most: int) -> str:
    """The text, or its beginning and a sign that there was more."""
    return value if len(value) <= most else value[: most - 1] + CUT


def shown(value: object) -> str:
    """What kind of JSON it is."""
    kinds = {dict: "an object", list: "a list", str: "text", bool: "a truth value"}
    if value is None:
        return "missing"
    return kinds.get(type(value), "a number")

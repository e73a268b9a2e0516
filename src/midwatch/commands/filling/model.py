"""A text with values in it: what a person is shown, and what is sent with values beside it."""

from __future__ import annotations

import dataclasses
import enum
from typing import TypeAlias

from midwatch.commands import binding

MASK = "******"
"""What stands where a secret was."""


class Form(enum.StrEnum):
    """How a value travels where it is put in at the last moment."""

    BOUND = "bound"
    """Beside the text, as the database's own parameter."""
    URL = "url"
    HEADER = "header"
    JSON = "json"


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """A value, or the variable that holds a secret one."""

    value: str | int = ""
    variable: str | None = None
    form: Form = Form.BOUND


@dataclasses.dataclass(frozen=True, slots=True)
class Filled:
    """The text as it is shown, and as it is sent: pieces with a parameter between each two."""

    text: str
    pieces: tuple[str, ...]
    parameters: tuple[Parameter, ...]


Filling: TypeAlias = Filled | binding.Refused

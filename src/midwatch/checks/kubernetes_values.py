"""Whether one value of a manifest is what Kubernetes' API server takes in its place."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import difflib
import enum
import re
from typing import TYPE_CHECKING, TypeAlias

from midwatch.base import lazy

if TYPE_CHECKING:
    import yaml
else:
    yaml = lazy.module("yaml")

Node: TypeAlias = "yaml.Node"
TAG = "tag:yaml.org,2002:"
QUANTITY = lazy.pattern(
    r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?", re.ASCII
)
UNIT = lazy.pattern(r"(?P<number>[\d.]+)\s*(?P<unit>[A-Za-z]+)")
UNITS = {
    "b": "",
    "kb": "k",
    "ki": "Ki",
    "kib": "Ki",
    "mb": "M",
    "mi": "Mi",
    "mib": "Mi",
    "gb": "G",
    "g": "G",
    "gi": "Gi",
    "gib": "Gi",
    "tb": "T",
    "ti": "Ti",
    "tib": "Ti",
}
"""What people write for units of bytes, and what Kubernetes reads."""
MILLI = lazy.pattern(r"\d+m")
FEW = 6
NUMBER = lazy.pattern(r"[+-]?\d+")
WITH_UNIT = lazy.pattern(
    r"\d+(?:\.\d+)?\s*(?:ms|s|sec|seconds?|m|min|minutes?|h|hours?|d|%|[KMG]i?)"
)
PLACEHOLDER = lazy.pattern(
    r"[A-Z_]*[A-Z][A-Z0-9_-]*|x+|\?+|.*(?:\.\.\.|…|<|>|\bYOUR|\byour|CHANGE|change|REPLACE|replace"
    r"|base64|BASE64|example|placeholder|redacted|REDACTED|\*\*).*",
    re.DOTALL,
)
TOO_OLD = lazy.pattern(r"0o?\d+|\d+(?::\d+)+|[yYnN]|[\d_]*_[\d_]*")
"""Words that YAML's versions read differently."""


class Problem(enum.Enum):
    """What can be wrong with a manifest."""

    UNKNOWN_KIND = enum.auto()
    UNKNOWN_FIELD = enum.auto()
    REPEATED_FIELD = enum.auto()
    WRONG_TYPE = enum.auto()
    WRONG_VALUE = enum.auto()
    MISSING_FIELD = enum.auto()


class Shape(enum.StrEnum):
    """The shapes of values, as people call them."""

    TABLE = "a table"
    LIST = "a list"
    PLAIN = "one plain value"


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """Why a plain value is not taken, and what may stand there instead."""

    problem: Problem
    message: str
    fix: str
    new: str | None = None


def loader() -> type[yaml.SafeLoader]:
    """The YAML reader: the one in C where PyYAML was built with it."""
    fast: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return fast


def shape(kind: str) -> Shape:
    """The shape that a field of that kind takes."""
    if kind.startswith("[]"):
        return Shape.LIST
    return Shape.TABLE if kind.startswith("{}") or "." in kind else Shape.PLAIN


def shape_of(node: Node) -> Shape:
    """The shape that a value has."""
    if isinstance(node, yaml.SequenceNode):
        return Shape.LIST
    return Shape.TABLE if isinstance(node, yaml.MappingNode) else Shape.PLAIN


def is_stand_in(node: Node) -> bool:
    """Whether a value of the wrong shape only marks a place to fill in: `[name]`, `{name}`, `…`."""
    if isinstance(node, yaml.ScalarNode):
        return bool(PLACEHOLDER.fullmatch(node.value))
    if not isinstance(node, yaml.CollectionNode):
        return False
    return bool(node.flow_style) and len(node.value) <= 1


def judge(node: yaml.ScalarNode, kind: str) -> Verdict | None:
    """Why a plain value cannot stand in a field of that kind; nothing where it can."""
    tag, value = node.tag.removeprefix(TAG), node.value
    if not node.style and TOO_OLD.fullmatch(value):
        return None
    if kind == "quantity":
        return quantity(value, tag)
    if kind == "int-or-string":
        return None if tag in {"int", "str"} else wrong(f"cannot be `{value}`")
    if kind in {"integer", "number"}:
        return number(node, kind)
    if kind == "boolean":
        return boolean(node)
    return text(node, kind)


def text(node: yaml.ScalarNode, kind: str) -> Verdict | None:
    """A field that takes text; `=A|B` lists the only ones it takes."""
    tag, value = node.tag.removeprefix(TAG), node.value
    if tag in {"int", "float", "bool"}:
        called = "true or false" if tag == "bool" else "a number"
        return Verdict(
            Problem.WRONG_TYPE,
            f"must be text, and `{value}` without quotes is {called}.",
            f'Write `"{value}"`.',
            f'"{value}"',
        )
    if kind.startswith("=") and value and not PLACEHOLDER.fullmatch(value):
        return one_of(value, kind[1:].split("|"))
    if kind == "bytes" and not PLACEHOLDER.fullmatch(value) and not is_base64(value):
        return Verdict(
            Problem.WRONG_VALUE,
            "must be base64, and this is plain text.",
            "Encode it, or put it under `stringData`.",
        )
    return None


def one_of(value: str, allowed: list[str]) -> Verdict | None:
    """A field that takes a few words only."""
    if value in allowed:
        return None
    same = [word for word in allowed if word.lower() == value.lower()]
    near = same or difflib.get_close_matches(value, allowed, n=1, cutoff=0.7)
    fix = f"Write `{near[0]}`." if near else ""
    listed = ", ".join(f"`{word}`" for word in allowed[:FEW] if word)
    return Verdict(
        Problem.WRONG_VALUE,
        f"cannot be `{value}`: it is {listed}{' …' if len(allowed) > FEW else ''}.",
        fix,
        near[0] if same else None,
    )


def fraction_of_a_byte(label: str, value: str) -> Verdict | None:
    """`memory: 512m`, which is a thousandth part of 512 bytes."""
    of_bytes = label.rpartition(".")[2] in {"memory", "storage", "ephemeral-storage"}
    if not of_bytes or not MILLI.fullmatch(value):
        return None
    return Verdict(
        Problem.WRONG_VALUE,
        f"is {int(value[:-1]) / 1000:g} bytes: the `m` of `{value}` is a thousandth.",
        f"Write `{value[:-1]}Mi`.",
    )


def quantity(value: str, tag: str) -> Verdict | None:
    """An amount of memory, storage or processors: `512Mi`, `0.5`, `250m`."""
    if tag in {"int", "float"} or QUANTITY.fullmatch(value) or PLACEHOLDER.fullmatch(value):
        return None
    if not value[:1].isdigit():
        return None
    parts = UNIT.fullmatch(value)
    unit = UNITS.get(parts["unit"].lower()) if parts else None
    new = f"{parts['number']}{unit}" if parts and unit is not None else ""
    return Verdict(
        Problem.WRONG_VALUE,
        f"cannot be `{value}`: that is no amount that Kubernetes reads.",
        f"Write `{new}`." if new else "Write an amount such as `512Mi` or `250m`.",
        new or None,
    )


def number(node: yaml.ScalarNode, kind: str) -> Verdict | None:
    """A field that takes a number."""
    tag, value = node.tag.removeprefix(TAG), node.value
    if tag == "int" or (tag == "float" and kind == "number"):
        return None
    if tag == "str" and NUMBER.fullmatch(value):
        return wrong(f'must be a number, and `"{value}"` is text', value)
    if tag == "str" and WITH_UNIT.fullmatch(value):
        return wrong(f"must be a plain number, and `{value}` is text")
    if tag in {"bool", "float"}:
        return wrong(f"must be a whole number, and `{value}` is none")
    return None


def boolean(node: yaml.ScalarNode) -> Verdict | None:
    """A field that is true or false."""
    tag, value = node.tag.removeprefix(TAG), node.value
    if tag == "bool":
        return None
    if tag == "str" and value.lower() in {"true", "false"}:
        return wrong(f'must be true or false, and `"{value}"` is text', value.lower())
    if tag in {"int", "float"} or value.lower() in {"enabled", "disabled", "yes", "no"}:
        return wrong(f"must be true or false, and `{value}` is neither")
    return None


def wrong(message: str, new: str | None = None) -> Verdict:
    """A value of another type than the field's."""
    return Verdict(Problem.WRONG_TYPE, f"{message}.", f"Write `{new}`." if new else "", new)


def is_base64(value: str) -> bool:
    """Whether a text is base64 as Kubernetes reads it: padded, with line ends in between."""
    try:
        base64.b64decode(re.sub(r"[\r\n]", "", value), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True

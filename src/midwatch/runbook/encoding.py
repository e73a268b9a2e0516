"""Runbooks as plain JSON values and back, for keeping; shapes come from the model's own types."""

from __future__ import annotations

import collections.abc
import dataclasses
import enum
import functools
import json
import types
import typing
from collections.abc import Callable
from typing import Any

from midwatch.runbook import model

Coder = Callable[[Any], Any]


class DamagedError(ValueError):
    """What was kept, or is to be kept, does not have the shape of a runbook."""


def dump(runbook: model.Runbook) -> bytes:
    """A runbook as bytes: JSON, each element a list of its fields in order."""
    try:
        text = json.dumps(encoder(model.Runbook)(runbook), ensure_ascii=False)
    except RecursionError as error:
        message = "its commands are nested too deeply to be kept"
        raise DamagedError(message) from error
    return text.encode("utf-8", "surrogatepass")


def load(data: bytes) -> model.Runbook:
    """The runbook in those bytes; raises `DamagedError` where they hold none."""
    try:
        found = decoder(model.Runbook)(json.loads(data))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise DamagedError(str(error)) from error
    if not isinstance(found, model.Runbook):
        raise DamagedError
    return found


def _same(value: Any) -> Any:  # noqa: ANN401  (JSON values are of any type)
    return value


@functools.cache
def encoder(kind: Any) -> Coder:  # noqa: ANN401
    """The function that turns values of a type into JSON values."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _record_encoder(typing.cast("type", kind))
    if origin in {typing.Union, types.UnionType}:
        inner = encoder(_given(arguments))
        return _same if inner is _same else lambda value: None if value is None else inner(value)
    if origin is tuple and arguments[-1] is ...:
        item = encoder(arguments[0])
        return _same if item is _same else lambda value: [item(each) for each in value]
    if origin is tuple:
        items = [encoder(each) for each in arguments]
        return lambda value: [code(each) for code, each in zip(items, value, strict=True)]
    if origin is frozenset:
        return sorted
    return _same


@functools.cache
def decoder(kind: Any) -> Coder:  # noqa: ANN401
    """The function that turns JSON values back into values of a type."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind):
        return _record_decoder(typing.cast("type", kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        members = {member.value: member for member in kind}
        return members.__getitem__
    if origin in {typing.Union, types.UnionType}:
        inner = decoder(_given(arguments))
        return lambda value: None if value is None else inner(value)
    if origin is tuple and arguments[-1] is ...:
        item = decoder(arguments[0])
        return tuple if item is _same else lambda value: tuple([item(each) for each in value])
    if origin is tuple:
        items = [decoder(each) for each in arguments]
        return lambda value: tuple(code(each) for code, each in zip(items, value, strict=True))
    if origin is frozenset:
        item = decoder(arguments[0])
        return lambda value: frozenset([item(each) for each in value])
    if origin in {collections.abc.Mapping, dict}:
        return _mapping_decoder(arguments[0])
    return _same


def _given(arguments: tuple[Any, ...]) -> Any:  # noqa: ANN401
    return next(each for each in arguments if each is not type(None))


def _mapping_decoder(key: Any) -> Coder:  # noqa: ANN401
    """JSON makes text of every key; numbers become numbers again."""
    if key is int:
        return lambda value: {int(name): each for name, each in value.items()}
    return dict


def _record_encoder(kind: type) -> Coder:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    coders: list[tuple[str, Coder]] = []

    def encode(value: Any) -> Any:  # noqa: ANN401
        if not coders:  # at first use, so that a command may hold commands
            coders.extend((name, encoder(hints[name])) for name in names)
        return [code(getattr(value, name)) for name, code in coders]

    return encode


def _record_decoder(kind: type) -> Coder:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    coders: list[Coder] = []

    def decode(value: Any) -> Any:  # noqa: ANN401
        if not coders:  # at first use, so that a command may hold commands
            coders.extend(decoder(hints[name]) for name in names)
        return kind(*[code(each) for code, each in zip(coders, value, strict=True)])

    return decode

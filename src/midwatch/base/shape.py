"""Classes whose objects never change: `dataclass(frozen=True, slots=True)` in a fifth of the time.

A start of Midwatch makes nearly two hundred of them. `dataclasses` compiles six functions for each
of them, in half a millisecond; here one is compiled, the `__init__`, and the others are shared. To
everybody else they are dataclasses: `dataclasses.fields`, `replace` and `asdict` take them.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")
ASSIGN = object.__setattr__
MARK = "__midwatch_shape__"
OWN = ("__init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__")


@typing.dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def frozen(shape: type[T]) -> type[T]:
    """The class with fields for its annotations: equal by value, hashable, never changed."""
    if not _is_plain(shape):
        return dataclasses.dataclass(frozen=True, slots=True)(shape)
    made: Any = dataclasses.dataclass(slots=True, init=False, repr=False, eq=False)(shape)
    fields = dataclasses.fields(made)
    names = tuple(field.name for field in fields)
    values = _values(names)
    made.__init__ = _init(fields, checked=hasattr(made, "__post_init__"))
    made.__repr__ = _repr
    made.__eq__ = _eq(values)
    made.__hash__ = lambda self: hash(values(self))
    made.__setattr__ = _refuse
    made.__delattr__ = _refuse
    made.__getstate__ = _state
    made.__setstate__ = _restore
    setattr(made, MARK, True)
    found: type[T] = made
    return found


def _is_plain(shape: type[object]) -> bool:
    """Whether it asks for nothing special: a base, a method or a field of its own kind."""
    alone = all(base is object or MARK in base.__dict__ for base in shape.__bases__)
    special = any(
        not (each.init and each.repr and each.compare) or each.kw_only is True
        for each in vars(shape).values()
        if isinstance(each, dataclasses.Field)
    )
    return alone and not special and not any(name in vars(shape) for name in OWN)


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What gets the values of all fields at once."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _init(fields: tuple[dataclasses.Field[Any], ...], *, checked: bool) -> Callable[..., None]:
    """The one function that has to be compiled: its parameters are the fields."""
    known: dict[str, Any] = {"assign": ASSIGN, "missing": dataclasses.MISSING}
    parameters, lines = ["self"], []
    for field in fields:
        name, value = field.name, field.name
        if field.default is not dataclasses.MISSING:
            known[f"default_{name}"] = field.default
            parameters.append(f"{name}=default_{name}")
        elif field.default_factory is not dataclasses.MISSING:
            known[f"make_{name}"] = field.default_factory
            parameters.append(f"{name}=missing")
            value = f"make_{name}() if {name} is missing else {name}"
        else:
            parameters.append(name)
        lines.append(f"    assign(self, {name!r}, {value})")
    lines.append("    self.__post_init__()" if checked else "    return None")
    text = "\n".join((f"def __init__({', '.join(parameters)}):", *lines))
    exec(text, known)  # noqa: S102  (names of our own fields, as `dataclasses` does)
    init: Callable[..., None] = known["__init__"]
    return init


def _eq(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, Any], Any]:
    def same(self: Any, other: Any) -> Any:  # noqa: ANN401  (as any class's own)
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    return same


def _repr(self: Any) -> str:  # noqa: ANN401  (any of them)
    told = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in _fields(self))
    return f"{type(self).__qualname__}({told})"


def _fields(self: Any) -> tuple[dataclasses.Field[Any], ...]:  # noqa: ANN401  (any of them)
    return dataclasses.fields(self)


def _refuse(self: Any, name: str, *_: object) -> None:  # noqa: ANN401  (any of them)
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name} never changes")


def _state(self: Any) -> list[Any]:  # noqa: ANN401  (any of them)
    return [getattr(self, field.name) for field in _fields(self)]


def _restore(self: Any, state: list[Any]) -> None:  # noqa: ANN401  (any of them)
    for field, value in zip(_fields(self), state, strict=True):
        ASSIGN(self, field.name, value)

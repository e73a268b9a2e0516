"""A shape is what `dataclass(frozen=True, slots=True)` makes, to everybody who uses it."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from midwatch.base import shape


@shape.frozen
class Shaped:
    """A shape with all kinds of fields."""

    name: str
    tags: tuple[str, ...] = ()
    more: dict[str, int] = dataclasses.field(default_factory=dict)

    @property
    def loud(self) -> str:
        return self.name.upper()


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    """The same by `dataclasses`."""

    name: str
    tags: tuple[str, ...] = ()
    more: dict[str, int] = dataclasses.field(default_factory=dict)


@shape.frozen
class Empty:
    """A shape without fields."""


@shape.frozen
class One:
    """A shape with one field."""

    name: str


@shape.frozen
class Checked:
    """A shape that looks at what it is given."""

    name: str

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError(self.name)


def test_it_is_made_compared_and_shown_as_a_dataclass() -> None:
    shaped, plain = Shaped("a", more={"x": 1}), Plain("a", more={"x": 1})

    assert repr(shaped) == repr(plain).replace("Plain", "Shaped")
    assert dataclasses.asdict(shaped) == dataclasses.asdict(plain)
    assert [each.name for each in dataclasses.fields(Shaped)] == ["name", "tags", "more"]
    assert shaped == Shaped("a", (), {"x": 1}) != Shaped("b")
    assert shaped != plain  # type: ignore[comparison-overlap]
    assert (shaped.loud, Shaped.__match_args__) == ("A", ("name", "tags", "more"))
    assert Shaped("a").more is not Shaped("a").more
    assert not hasattr(shaped, "__dict__")


def test_it_never_changes() -> None:
    shaped = Shaped("a")

    with pytest.raises(dataclasses.FrozenInstanceError):
        shaped.name = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del shaped.name
    assert dataclasses.replace(shaped, name="b") == Shaped("b")
    assert shaped.name == "a"


def test_it_can_be_a_key_and_travel() -> None:
    first, same = One("a"), One("a")

    assert {first: 1}[same] == 1
    assert {Empty(), Empty()} == {Empty()}
    for each in (first, Empty(), Shaped("a", ("b",), {"c": 1})):
        assert pickle.loads(pickle.dumps(each)) == each  # noqa: S301  (our own bytes)
        assert copy.deepcopy(each) == each


def test_it_refuses_what_its_init_would() -> None:
    with pytest.raises(TypeError, match="name"):
        Shaped()  # type: ignore[call-arg]
    with pytest.raises(ValueError, match=r"^$"):
        Checked("")


def test_a_class_with_a_method_of_its_own_keeps_it() -> None:
    @shape.frozen
    class Told:
        name: str

        def __repr__(self) -> str:
            return "told"

    @shape.frozen
    class More(Empty):
        name: str = "x"

    assert (repr(Told("a")), Told("a") == Told("a"), More().name) == ("told", True, "x")


def test_a_field_that_is_special_stays_so() -> None:
    @shape.frozen
    class Hidden:
        name: str
        secret: str = dataclasses.field(default="x", repr=False, compare=False)

    assert repr(Hidden("a")).endswith("Hidden(name='a')")
    assert Hidden("a", "b") == Hidden("a", "c")

"""A dataclass of ours does what the one of the standard library does: only its methods are written later."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, astuple, field, fields, replace
from typing import Any, Generic, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import values

T = TypeVar("T")
MAKERS = {"standard": dataclasses.dataclass, "ours": values.dataclass}


@values.dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: float = 0.0


def plain(make: Callable[..., Any]) -> type:
    @make(frozen=True, slots=True)
    class Lesson:
        """With all that a field can be."""

        id: str
        secret: str = field(repr=False)
        group: str = ""
        rooms: list[str] = field(default_factory=list)
        read: object = field(default=None, compare=False)
        said: str = field(kw_only=True)
        told: str = field(default="niets", kw_only=True)

        @property
        def name(self) -> str:
            return f"{self.id} {self.group}"

    return Lesson


def checked(make: Callable[..., Any]) -> type:
    @make(frozen=True)
    class Share:
        part: int
        of: int

        def __post_init__(self) -> None:
            if self.part > self.of:
                raise ValueError(self.part)

    return Share


def empty(make: Callable[..., Any]) -> type:
    @make(frozen=True, slots=True)
    class Nothing:
        pass

    return Nothing


def heir(make: Callable[..., Any]) -> type:
    @make(frozen=True, slots=True)
    class Parent(Generic[T]):
        value: T
        name: str = "a"

    @make(frozen=True, slots=True)
    class Child(Parent[int]):
        age: int = 3
        name: str = "b"

    return Child


def by_identity(make: Callable[..., Any]) -> type:
    @make(frozen=True, slots=True, eq=False)
    class Token:
        of: str

    return Token


def own_words(make: Callable[..., Any]) -> type:
    @make(frozen=True, slots=True)
    class Secret:
        text: str

        def __repr__(self) -> str:
            return "…"

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

    return Secret


SHAPES = [plain, checked, empty, heir, by_identity, own_words]
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    ((1,), {}),
    ((1, 2), {}),
    ((2, 1), {}),
    (("1", "geheim"), {"said": "x"}),
    (("1", "geheim", "H3", ["12"], object), {"said": "x", "told": "y"}),
    (("1", "geheim", "H3", ["12"], object, "x"), {}),
    ((), {"value": 1, "age": 4}),
    ((1,), {"nothing": 1}),
]


def outcome(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Exception as error:  # noqa: BLE001  both kinds of class are to fail alike
        return type(error)


def seen(shape: Callable[..., type], maker: str) -> list[Any]:
    """All that can be told of a class and of what its calls make, the identity of things apart."""
    kind = shape(MAKERS[maker])
    parameters = inspect.signature(kind).parameters.values()
    told: list[Any] = [
        kind.__name__,
        [(each.name, each.kind, each.annotation, each.default is each.empty) for each in parameters],
        kind.__match_args__,
        [(each.name, each.default, each.repr, each.compare, each.kw_only) for each in fields(kind)],
        hasattr(kind, "__dict__") and "__slots__" in vars(kind),
    ]
    made = [outcome(lambda call=call: kind(*call[0], **call[1])) for call in CALLS]
    for value in made:
        if isinstance(value, type):
            told.append(value)
            continue
        told += [asdict(value), astuple(value), repr(value).partition(" object at ")[0]]
        told += [[value == other for other in made], [value != other for other in made], value == 1]
        told.append(outcome(lambda value=value: hash(value) == hash(copy.copy(value))))
        told.append(copy.deepcopy(value) == value)
        for name in [each.name for each in fields(kind)] + ["another"]:
            assert isinstance(outcome(lambda value=value, name=name: setattr(value, name, 1)), type)
            assert isinstance(outcome(lambda value=value, name=name: delattr(value, name)), type)
            told.append(outcome(lambda value=value, name=name: asdict(replace(value, **{name: 0}))))
    return told


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_what_the_standard_library_makes(shape: Callable[..., type]) -> None:
    assert seen(shape, "ours") == seen(shape, "standard")


def test_each_value_gets_a_list_of_its_own() -> None:
    kind = plain(values.dataclass)
    kind("1", "x", said="").rooms.append("12")
    assert kind("2", "x", said="").rooms == []


def test_a_method_is_written_once_and_only_when_it_is_used() -> None:
    kind = checked(values.dataclass)
    assert not inspect.isfunction(vars(kind)["__init__"])
    value = kind(1, 2)
    written = vars(kind)["__init__"]
    assert inspect.isfunction(written)
    assert not inspect.isfunction(vars(kind)["__eq__"])
    assert value == kind(1, 2)
    assert vars(kind)["__init__"] is written


def test_what_it_cannot_do_is_refused_when_the_class_is_made() -> None:
    with pytest.raises(AssertionError):

        @values.dataclass(frozen=True)
        class Counted:
            number: int = field(init=False)


def test_a_lone_field_is_compared_as_the_standard_library_does() -> None:
    nan = float("nan")

    @values.dataclass(frozen=True)
    class Score:
        value: float

    assert Score(nan) == Score(nan)
    assert hash(Score(1.5)) == hash((1.5,))


def test_what_can_change_is_made_by_the_standard_library_itself() -> None:
    with pytest.raises(AssertionError):
        values.dataclass(frozen=False)


@given(st.integers(), st.floats(), st.integers(), st.floats())
def test_values_are_equal_and_hashed_by_what_they_hold(x: int, y: float, other_x: int, other_y: float) -> None:
    assert (Point(x, y) == Point(other_x, other_y)) == ((x, y) == (other_x, other_y))
    assert hash(Point(x, y)) == hash((x, y))


def test_a_value_is_frozen_and_survives_pickling() -> None:
    with pytest.raises(FrozenInstanceError, match="x"):
        Point(1).x = 2  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(Point(1, 2.5))) == Point(1, 2.5)

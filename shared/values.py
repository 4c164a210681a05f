"""Frozen dataclasses whose methods are written at their first use, so that a cold start pays for none of the others.

The standard decorator writes and compiles six methods for each class when its module is imported: a millisecond a
class, and a function imports some 150 to answer with a few of them. Decision 8 has figures and what else was weighed.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

Method = Callable[..., Any]


class _AtFirstUse:
    """A method of `kind` that is written when it is first looked up, and stays."""

    def __init__(self, kind: type, name: str, write: Callable[[type], Method]) -> None:
        self._kind = kind
        self._name = name
        self._write = write

    def __get__(self, value: object, owner: type) -> Any:
        method = self._write(self._kind)
        setattr(self._kind, self._name, method)
        return method.__get__(value, owner)


def _init(kind: type) -> Method:
    given: list[str] = []
    named: list[str] = []
    lines: list[str] = []
    scope: dict[str, Any] = {"_set": object.__setattr__, "_MISSING": dataclasses.MISSING}
    for each in dataclasses.fields(kind):
        name = value = parameter = each.name
        if each.default_factory is not dataclasses.MISSING:
            scope[f"_make_{name}"] = each.default_factory
            parameter = f"{name}=_MISSING"
            value = f"_make_{name}() if {name} is _MISSING else {name}"
        elif each.default is not dataclasses.MISSING:
            scope[f"_default_{name}"] = each.default
            parameter = f"{name}=_default_{name}"
        (named if each.kw_only else given).append(parameter)
        lines.append(f"_set(self, {name!r}, {value})")
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    parameters = ["self", *given, *(["*", *named] if named else [])]
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"]), scope)  # noqa: S102
    written: Method = scope["__init__"]
    written.__qualname__ = f"{kind.__qualname__}.__init__"
    written.__annotations__ = {each.name: each.type for each in dataclasses.fields(kind)} | {"return": None}
    return written


def _compared(kind: type) -> Callable[[object], object]:
    """What two values of `kind` are compared by."""
    names = [each.name for each in dataclasses.fields(kind) if each.compare]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple([getattr(value, name) for name in names])  # of one name attrgetter makes no tuple


def _eq(kind: type) -> Method:
    compared = _compared(kind)

    def same(value: object, other: object) -> bool:
        return compared(value) == compared(other) if other.__class__ is value.__class__ else NotImplemented

    return same


def _hash(kind: type) -> Method:
    compared = _compared(kind)
    return lambda value: hash(compared(value))


def _repr(self: Any) -> str:
    told = (f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(told)})"


def _refuse(self: object, name: str, _: object = None) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"{type(self).__qualname__}.{name} is frozen")


def _reduce(self: Any) -> tuple[Method, tuple[object, ...]]:
    return _remade, (type(self), {each.name: getattr(self, each.name) for each in dataclasses.fields(self)})


def _remade(kind: type, given: dict[str, Any]) -> object:
    return kind(**given)


_WRITTEN = {"__init__": _init, "__eq__": _eq, "__hash__": _hash}
_SHARED = {"__repr__": _repr, "__setattr__": _refuse, "__delattr__": _refuse, "__reduce__": _reduce}


def _dataclass(*, frozen: bool, slots: bool = False, eq: bool = True) -> Callable[[type], type]:
    """`dataclasses.dataclass` for `frozen=True`; classes of another kind are made by that itself."""
    assert frozen

    def make(kind: type) -> type:
        kind.__doc__ = kind.__doc__ or kind.__name__  # or dataclasses would write one from the signature
        made: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(kind)
        later = {name: _AtFirstUse(made, name, write) for name, write in _WRITTEN.items() if eq or name == "__init__"}
        for name, method in (_SHARED | later).items():
            if name not in vars(kind):
                setattr(made, name, method)
        assert all(each.init and each.hash is None for each in dataclasses.fields(made)), "not made for these"
        return made

    return make


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    dataclass = _dataclass

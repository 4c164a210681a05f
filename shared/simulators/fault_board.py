"""The fault switches of a simulator: each lets some requests pass, then makes so many fail."""

import dataclasses
import threading
from collections.abc import Callable
from typing import Any, ClassVar, Generic, Protocol, TypeVar


class Switch(Protocol):
    """The first `after` requests that meet it pass, the next `times` fail (None: until it is cleared). A dataclass;
    `meets` says of what identifies a request whether the switch is about it."""

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]

    @property
    def kind(self) -> Any: ...
    @property
    def times(self) -> int | None: ...
    @property
    def after(self) -> int: ...
    @property
    def meets(self) -> Callable[..., bool]: ...


S = TypeVar("S", bound=Switch)


class FaultBoard(Generic[S]):
    """The switches that are on. Safe under threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: list[tuple[S, int]] = []  # with the number of requests each has met

    def add(self, *faults: S) -> None:
        with self._lock:
            self._on += [(fault, 0) for fault in faults]

    def clear(self) -> None:
        with self._lock:
            self._on = []

    def on(self) -> list[dict[str, Any]]:
        """Those that may still fire, in the order they were added, as JSON objects."""
        with self._lock:
            return [dataclasses.asdict(fault) for fault, _ in self._on]

    def due(self, *asked: str) -> dict[Any, S]:
        """Count one request, told by what `meets` wants to know of it, and return the faults it runs into by kind (the
        one added first wins)."""
        due: dict[Any, S] = {}
        with self._lock:
            still: list[tuple[S, int]] = []
            for fault, met in self._on:
                if fault.meets(*asked):
                    if met >= fault.after:
                        due.setdefault(fault.kind, fault)
                    met += 1
                if fault.times is None or met < fault.after + fault.times:
                    still.append((fault, met))
            self._on = still
        return due


def fault_from_json(kind: type[S], value: Any) -> S:
    """A switch from a JSON object with the fields of `kind`; raises ValueError for a field it does not know, or one of
    the wrong type."""
    try:
        fault = kind(**value)
    except TypeError as err:
        raise ValueError(str(err)) from err
    for name, default in ((field.name, field.default) for field in dataclasses.fields(kind)):
        given = getattr(fault, name)
        wanted = (int, float) if isinstance(default, float) else (int, type(None)) if default is None else type(default)
        if name != "kind" and (not isinstance(given, wanted) or isinstance(given, bool)):
            raise ValueError(f"{name} has the wrong type")
    return fault

"""A value made past the guard of its class is in every way the value the class makes."""

import pickle
from dataclasses import FrozenInstanceError

import pytest

from shared.domain.matching.unguarded import unguarded
from shared.domain.people import Compared, Decision, Role, State

VALUE = Decision("u1", Role.STUDENT, State.LINKED, "link.same_letters", key="067", never=("12",))


def made() -> Decision:
    return unguarded(Decision)("u1", Role.STUDENT, State.LINKED, "link.same_letters", key="067", never=("12",))


def test_it_is_equal_and_of_the_class_itself():
    assert made() == VALUE
    assert type(made()) is Decision
    assert (hash(made()), repr(made())) == (hash(VALUE), repr(VALUE))


def test_it_is_frozen_from_then_on():
    with pytest.raises(FrozenInstanceError):
        made().key = "68"


def test_it_survives_pickling():
    assert pickle.loads(pickle.dumps(made())) == VALUE


def test_a_missing_argument_is_refused_as_the_class_does():
    with pytest.raises(TypeError):
        unguarded(Compared)("name", "Jan Bakker", "Jan Bakker")

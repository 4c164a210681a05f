"""Parts of a school's week: everybody is in one, found by his own ID-nummer alone, and never in one of another role."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.document import check_path
from shared.domain.people import Role
from shared.flows.week_part import SHARES, WHOLE, Part, part_of, parts_of_school

KEYS = st.text(min_size=1, max_size=40)


@given(key=KEYS, role=st.sampled_from(Role), alone=st.booleans())
def test_a_part_holds_its_person_and_its_name_says_whose_role(key: str, role: Role, alone: bool) -> None:
    part = part_of(role, key, alone=alone)
    assert part.role is role
    assert part.of([key]) == (key,)
    assert Part(part.id) == part  # as a message carries it
    check_path(f"schools/x/weeks/2022-W45~{part.id}")


@given(key=KEYS, alone=st.booleans())
def test_equal_keys_of_two_roles_lie_in_two_places(key: str, alone: bool) -> None:
    """So a student's part can never be opened as a teacher's."""
    assert part_of(Role.STUDENT, key, alone=alone) != part_of(Role.TEACHER, key, alone=alone)


@given(keys=st.lists(KEYS, unique=True, min_size=2, max_size=30))
def test_alone_means_nobody_else(keys: list[str]) -> None:
    for key in keys:
        assert part_of(Role.STUDENT, key, alone=True).of(keys) == (key,)


def test_all_parts_together_hold_everybody_once_and_are_of_about_a_size() -> None:
    keys = [f"{number:06}" for number in range(1600)]
    for role in Role:
        sizes = Counter(part_of(role, key, alone=False) for key in keys)
        assert len(sizes) == SHARES[role]
        assert max(sizes.values()) < 2 * 1600 / SHARES[role]
        assert sorted(key for part in sizes for key in part.of(keys)) == keys


def test_the_school_by_its_teachers_is_all_their_parts() -> None:
    keys = [f"D{number}" for number in range(300)]
    assert {part_of(Role.TEACHER, key, alone=False) for key in keys} == set(parts_of_school())
    assert WHOLE not in parts_of_school()

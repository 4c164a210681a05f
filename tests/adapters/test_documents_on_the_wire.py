"""A commit is as large as was counted before it was sent, or smaller: else the 3 MiB limit would be a guess."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.document import check
from shared.adapters.firestore_wire import document, write_message
from shared.ports import ANY, Write

ROOT = "projects/a-project-of-thirty-characters/databases/(default)/documents/"
NAMES = st.sampled_from(["a", "id", "naam"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.binary(max_size=200)
    | st.datetimes(timezones=st.just(UTC))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner.filter(lambda item: not isinstance(item, list)), max_size=5)
        | st.dictionaries(NAMES, inner, max_size=5)
    ),
)


@settings(max_examples=100, deadline=None, database=None)
@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_a_write_takes_no_more_than_was_counted(data: dict[str, Any]) -> None:
    checked = check(Write("things/a", data), ())
    assert write_message(ROOT, checked).ByteSize() <= checked.wire


def test_neither_do_the_values_that_cost_most_beside_what_they_count() -> None:
    for value in ([True] * 1000, [{"a": True}] * 1000, [datetime.max.replace(tzinfo=UTC)] * 1000, [-1] * 1000):
        checked = check(Write("things/a", {"x": value}), ())
        assert write_message(ROOT, checked).ByteSize() <= checked.wire


@settings(max_examples=100, deadline=None, database=None)
@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_a_document_survives_the_way_there_and_back(data: dict[str, Any]) -> None:
    message = write_message(ROOT, check(Write("things/a", data, ANY), ()))
    assert document(ROOT, message.update).data == data

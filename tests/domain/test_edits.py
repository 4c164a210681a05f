"""The distance between two names is that of the textbook table, told exactly up to the most that is asked for."""

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.matching.closeness import edits

NAMES = st.text("abc", max_size=9)  # few letters: many names that are near each other


def by_table(one: str, other: str) -> int:
    """Optimal string alignment, cell by cell."""
    cost = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            ways = [cost[i - 1, j] + 1, cost[i, j - 1] + 1, cost[i - 1, j - 1] + (one[i - 1] != other[j - 1])]
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                ways.append(cost[i - 2, j - 2] + 1)
            cost[i, j] = min(ways)
    return cost[len(one), len(other)]


@given(NAMES, NAMES, st.sampled_from([1, 2]))
def test_it_is_the_distance_of_the_table_or_one_more_than_the_most(one, other, most):
    assert edits(one, other, most) == min(by_table(one, other), most + 1)

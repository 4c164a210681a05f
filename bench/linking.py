"""Links generated schools and counts wrong and unsafe links, recall, and time beside an exact join and three libraries.

    python -m bench.linking

Times are CPU seconds; linker and join are measured in turn, five times, and the middle ratio counts. "unsafe" is a link
on evidence that fits somebody else as well, even when it happens to be right. The libraries run on 2,000 users
(rapidfuzz on 10,000 too): they compare pairs, and ours and the join do not.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

from bench.rivals import RIVALS, Linker, Links, rapidfuzz_best
from bench.school_generator import SAME_LETTERS, Generator, School
from bench.second_day import next_day
from shared.domain.matching import assign
from shared.domain.people import Decision, Person, State, User

SCHOOL = 2_000
SIZES = (2_000, 10_000, 100_000)


def exact_join_of(users: Sequence[User], persons: Sequence[Person]) -> Links:
    """The five lines everything is compared with: equal strings, unique on both sides."""
    mine: dict[tuple[str, str, str], list[str]] = {}
    theirs: dict[tuple[str, str, str], list[str]] = {}
    for user in users:
        mine.setdefault((user.role, user.first_name, user.last_name), []).append(user.id)
    for person in persons:
        theirs.setdefault((person.role, person.first_name, person.last_name), []).append(person.id)
    return {ids[0]: theirs[name][0] for name, ids in mine.items() if len(ids) == 1 == len(theirs.get(name, ()))}


def exact_join(school: School) -> Links:
    return exact_join_of(school.users, school.persons)


def ours(school: School) -> tuple[Decision, ...]:
    return assign(school.users, school.persons, ())


def links_of(decisions: Iterable[Decision]) -> Links:
    return {decision.user: decision.person for decision in decisions if decision.state is State.LINKED}


def score(schools: Sequence[School], links: Sequence[Links]) -> dict[str, float]:
    """Counts over all schools; recall is right links over users who have a person."""
    count: Counter[str] = Counter()
    for school, linked in zip(schools, links, strict=True):
        for user, person in linked.items():
            verdict = "wrong" if school.mine.get(user) != person else "unsafe" if user in school.refuse else "right"
            count[verdict] += 1
        count["with_person"] += len(school.mine)
    return {
        "wrong": count["wrong"],
        "unsafe": count["unsafe"],
        "recall": round(count["right"] / count["with_person"], 4),
        # Left out by the generator: same letters, somebody else. A wrong link to one of these cannot show up above.
        "strangers_left_out": sum(school.strangers for school in schools),
    }


def generated(users: int, *, seed: int, missing: float, second_field: bool, size: int = SCHOOL) -> list[School]:
    generator = Generator(seed, missing=missing, second_field=second_field)
    return [generator.school(min(size, users)) for _ in range(max(1, users // size))]


def seconds(work: Callable[[School], Any], schools: Sequence[School]) -> float:
    start = time.process_time()
    for school in schools:
        work(school)
    return time.process_time() - start


def ratio(
    work: Callable[[School], Any], beside: Callable[[School], Any], schools: Sequence[School]
) -> tuple[float, float]:
    """The least CPU seconds of `work`, and how many times those of `beside` it takes."""
    pairs = [(seconds(work, schools), seconds(beside, schools)) for _ in range(5)]
    # A processor that changes its speed changes it for both of a pair; the best of each may be of different speeds.
    return min(mine for mine, _ in pairs), median(mine / theirs for mine, theirs in pairs)


def by_size(users: int, seed: int = 1) -> dict[str, Any]:
    """Names alone and with a second field, and the time beside the exact join."""
    names = generated(users, seed=seed, missing=0.03, second_field=False)
    field = generated(users, seed=seed + 1, missing=0.03, second_field=True)
    time_mine, times = ratio(ours, exact_join, names)
    return {
        "users": sum(len(school.users) for school in names),
        "names": score(names, [links_of(ours(school)) for school in names]),
        "second_field": score(field, [links_of(ours(school)) for school in field]),
        "seconds": round(time_mine, 3),
        "us_per_user": round(time_mine / sum(len(school.users) for school in names) * 1e6, 1),
        "times_exact_join": round(times, 1),
    }


def one_giant_school(users: int) -> dict[str, Any]:
    """All users in one school: the time must grow with the users, not with their square."""
    schools = generated(users, seed=5, missing=0.03, second_field=False, size=users)
    taken, times = ratio(ours, exact_join, schools)
    return score(schools, [links_of(ours(school)) for school in schools]) | {
        "users": users, "seconds": round(taken, 3), "us_per_user": round(taken / users * 1e6, 1),
        "times_exact_join": round(times, 1),
    }  # fmt: skip


def missing_rates() -> list[dict[str, Any]]:
    """Several seeds and rates of people missing on one side."""
    rows = []
    for missing in (0.01, 0.03, 0.10):
        for second_field in (False, True):
            schools = [
                s
                for seed in (11, 12, 13)
                for s in generated(4_000, seed=seed, missing=missing, second_field=second_field)
            ]
            found = score(schools, [links_of(ours(school)) for school in schools])
            rows.append({"missing": missing, "second_field": second_field} | found)
    return rows


def second_days() -> list[dict[str, Any]]:
    """Two days of leavers, namesakes and recycled keys. A silent relink is a link that moved by itself."""
    rows = []
    for second_field in (False, True):
        generator = Generator(21, missing=0.03, second_field=second_field)
        count: Counter[str] = Counter()
        for _ in range(10):
            school = generator.school(SCHOOL)
            decisions = ours(school)
            for _day in range(2):
                before = links_of(decisions)
                school = next_day(school, generator)
                decisions = assign(school.users, school.persons, decisions)
                after = links_of(decisions)
                count["users"] += len(school.users)
                count["links"] += len(after)
                count["wrong"] += sum(school.mine.get(user) != person for user, person in after.items())
                count["unsafe"] += sum(user in school.refuse and user not in before for user in after)
                count["silent_relinks"] += sum(after.get(user, person) != person for user, person in before.items())
                count["suspended"] += sum(decision.state is State.SUSPENDED for decision in decisions)
        rows.append({"second_field": second_field} | dict(sorted(count.items())))
    return rows


def by_class(schools: Sequence[School]) -> dict[str, tuple[int, float]]:
    """Users and recall of each class of mistake, on names alone."""
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for school in schools:
        linked = links_of(ours(school))
        for user, kind in school.kind.items():
            total[kind] += 1
            right[kind] += linked.get(user) is not None and linked.get(user) == school.mine.get(user)
    return {kind: (count, round(right[kind] / count, 3)) for kind, count in total.most_common()}


def rivals() -> list[dict[str, Any]]:
    """The libraries on the same 2,000 users, with what they link wrongly."""
    schools = generated(2_000, seed=1, missing=0.03, second_field=False)
    rows = [{"linker": "ours", "users": 2_000, "seconds": round(seconds(ours, schools), 3)}
            | score(schools, [links_of(ours(school)) for school in schools])]  # fmt: skip
    everyone: dict[str, Linker] = {"exact, unique on both sides": exact_join_of, **RIVALS}
    for name, link in everyone.items():
        start = time.process_time()
        found = [link(school.users, school.persons) for school in schools]
        rows.append(
            {"linker": name, "users": 2_000, "seconds": round(time.process_time() - start, 3)} | score(schools, found)
        )
    return rows


def times_faster_than_rapidfuzz(users: int = 10_000) -> float:
    schools = generated(users, seed=3, missing=0.03, second_field=False)
    _, times = ratio(lambda school: rapidfuzz_best(school.users, school.persons), ours, schools)
    return round(times, 1)


def measure() -> dict[str, Any]:
    """Everything, as a value that can be written as JSON."""
    return {
        "by_size": [by_size(size) for size in SIZES],
        "one_giant_school": [one_giant_school(size) for size in (10_000, 30_000, 100_000)],
        "missing_rates": missing_rates(),
        "second_days": second_days(),
        "rivals": rivals(),
        "times_faster_than_rapidfuzz": times_faster_than_rapidfuzz(),
        "by_class": by_class(generated(20_000, seed=1, missing=0.03, second_field=False)),
    }


def shown(found: dict[str, Any]) -> str:
    """`found` as a few tables."""
    lines = ["linking · schools of 2,000 · 3 % missing on either side",
             "    users  wrong  unsafe  recall names  with 2nd field  µs/user  × exact join"]  # fmt: skip
    for row in found["by_size"]:
        wrong, unsafe = (row["names"][key] + row["second_field"][key] for key in ("wrong", "unsafe"))
        lines.append(
            f"{row['users']:>9} {wrong:>6} {unsafe:>7} {row['names']['recall']:>13} {row['second_field']['recall']:>15}"
            f" {row['us_per_user']:>8} {row['times_exact_join']:>13}"
        )
    for title in ("one_giant_school", "missing_rates", "second_days", "rivals"):
        lines += ["", title.replace("_", " ")]
        lines += ["  " + "  ".join(f"{name} {value}" for name, value in row.items()) for row in found[title]]
    faster = found["times_faster_than_rapidfuzz"]
    lines += ["", f"{faster}× faster than rapidfuzz's best match per user (10,000 users)", "",
              "recall by class on names alone (only the same letters link; the rest goes to review)"]  # fmt: skip
    lines += [
        f"  {kind:<16}{count:>7}{recall:>7}{'' if kind in SAME_LETTERS else '   review'}"
        for kind, (count, recall) in found["by_class"].items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(shown(measure()))

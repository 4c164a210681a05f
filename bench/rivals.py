"""Libraries that link records, each used the way its guide says: best match above a threshold, per role.

They are in the extra `bench`; without them importing this module says how to install them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from shared.domain.people import Person, Role, User

try:
    import pandas
    import recordlinkage
    import splink.comparison_library as compare
    from rapidfuzz import fuzz, process, utils
    from splink import DuckDBAPI, SettingsCreator, block_on
    from splink import Linker as SplinkLinker
except ImportError as err:
    raise SystemExit(  # whoever measures wants to know, loudly
        f"bench: {err.name} is not installed: `make bench`, or .venv/bin/uv pip install rapidfuzz recordlinkage splink"
    ) from err

Links = dict[str, str]
Linker = Callable[[Sequence[User], Sequence[Person]], Links]


def _by_role(link: Linker) -> Linker:
    def each_role(users: Sequence[User], persons: Sequence[Person]) -> Links:
        found: Links = {}
        for role in Role:
            mine, theirs = [u for u in users if u.role is role], [p for p in persons if p.role is role]
            if mine and theirs:
                found |= link(mine, theirs)
        return found

    return each_role


@_by_role
def rapidfuzz_best(users: Sequence[User], persons: Sequence[Person]) -> Links:
    """The person with the highest token_sort_ratio of at least 90."""
    names = [utils.default_process(f"{person.first_name} {person.last_name}") for person in persons]
    found: Links = {}
    for user in users:
        name = utils.default_process(f"{user.first_name} {user.last_name}")
        best = process.extractOne(name, names, scorer=fuzz.token_sort_ratio, score_cutoff=90)
        if best:
            found[user.id] = persons[best[2]].id
    return found


def _frame(people: Sequence[User] | Sequence[Person]) -> "pandas.DataFrame":
    frame = pandas.DataFrame(
        {
            "unique_id": [someone.id for someone in people],
            "role": [someone.role.value for someone in people],
            "first": [someone.first_name.lower().strip() for someone in people],
            "last": [someone.last_name.lower().strip() for someone in people],
        }
    )
    frame["start"] = frame["last"].str[:2]
    frame["initial"] = frame["first"].str[:1]
    return frame


@_by_role
def recordlinkage_best(users: Sequence[User], persons: Sequence[Person]) -> Links:
    """Blocks on the first letters of either name, Jaro-Winkler on both, the best pair of at least 0.9 on average."""
    mine, theirs = _frame(users).set_index("unique_id"), _frame(persons).set_index("unique_id")
    index = recordlinkage.Index()
    index.block("start")
    index.block("initial")
    comparison = recordlinkage.Compare()
    comparison.string("first", "first", method="jarowinkler")
    comparison.string("last", "last", method="jarowinkler")
    scores = comparison.compute(index.index(mine, theirs), mine, theirs).mean(axis=1)
    best = scores[scores >= 0.9].sort_values(ascending=False, kind="stable")
    found: Links = {}
    for user, person in best.index:
        found.setdefault(user, person)
    return found


def splink_best(users: Sequence[User], persons: Sequence[Person]) -> Links:
    """Fellegi-Sunter with term frequencies, trained by EM on both roles; the best pair of at least p = 0.9."""
    blocks: list[Any] = [block_on("role", "first"), block_on("role", "last"), block_on("role", "start", "initial")]
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=blocks,
        comparisons=[
            compare.NameComparison("first").configure(term_frequency_adjustments=True),
            compare.NameComparison("last").configure(term_frequency_adjustments=True),
        ],
    )
    database = DuckDBAPI()
    frames = [database.register(_frame(side)) for side in (users, persons)]
    linker: Any = SplinkLinker(frames, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("role", "first", "last")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in blocks[:2]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.9).as_pandas_dataframe()
    known = {user.id for user in users}
    found: Links = {}
    for row in pairs.sort_values("match_probability", ascending=False, kind="stable").itertuples():
        user, person = (
            (row.unique_id_l, row.unique_id_r) if row.unique_id_l in known else (row.unique_id_r, row.unique_id_l)
        )
        found.setdefault(user, person)
    return found


RIVALS: dict[str, Linker] = {
    "rapidfuzz token_sort ≥ 90": rapidfuzz_best,
    "recordlinkage ≥ 0.9": recordlinkage_best,
    "splink p ≥ 0.9": splink_best,
}

"""OneRoster 1.1 and 1.2 as data: where things are, what they are called, and which rights to ask for."""

from urllib.parse import quote

from shared.gradebook_port import OneRosterVersion
from shared.values import dataclass

LONGEST_ID = 255
_SCOPES = "https://purl.imsglobal.org/spec/or/{}/scope/"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One version of the standard. Paths follow the connection's prefix.

    `scopes`: sets of rights, widest first; a server that knows not all of them gets asked for the next.
    """

    rostering: str
    gradebook: str
    scopes: tuple[tuple[str, ...], ...]
    score_required: bool  # a result without a score does not exist in 1.1
    item_has_school: bool
    marks_missing: bool  # a result can say missing: "true"

    def rostering_url(self, prefix: str, *path: str) -> str:
        return _joined(prefix + self.rostering, path)

    def gradebook_url(self, prefix: str, *path: str) -> str:
        return _joined(prefix + self.gradebook, path)


def _joined(base: str, path: tuple[str, ...]) -> str:
    return "/".join((base, *(quote(part, safe="") for part in path)))


def _scopes(version: str, *sets: str) -> tuple[tuple[str, ...], ...]:
    prefix = _SCOPES.format(version)
    return tuple(tuple(prefix + name for name in names.split()) for names in sets)


V1P1 = Dialect(
    rostering="/ims/oneroster/v1p1",
    gradebook="/ims/oneroster/v1p1",
    # roster-core besides roster: some servers refuse every list without it. The last set is none: "whatever I have".
    scopes=_scopes(
        "v1p1",
        "roster-core.readonly roster.readonly gradebook.readonly gradebook.createput",
        "roster.readonly gradebook.readonly gradebook.createput",
        "roster-core.readonly gradebook.readonly gradebook.createput",
        "",
    ),
    score_required=True,
    item_has_school=False,
    marks_missing=False,
)
V1P2 = Dialect(
    rostering="/ims/oneroster/rostering/v1p2",
    gradebook="/ims/oneroster/gradebook/v1p2",
    scopes=_scopes(
        "v1p2",
        "roster-core.readonly roster.readonly gradebook-core.readonly gradebook.readonly gradebook.createput",
        "roster.readonly gradebook.readonly gradebook.createput",
        "roster-core.readonly gradebook.readonly gradebook.createput",
        "",
    ),
    score_required=False,
    item_has_school=True,
    marks_missing=True,
)
DIALECTS: dict[OneRosterVersion, Dialect] = {"1.1": V1P1, "1.2": V1P2}

# Endpoint → the key of its list. Servers that do not conform use the endpoint's own name, which is read as well.
LIST_KEY = {
    "orgs": "orgs",
    "schools": "orgs",
    "teachers": "users",
    "students": "users",
    "users": "users",
    "classes": "classes",
    "terms": "academicSessions",
    "gradingPeriods": "academicSessions",
    "categories": "categories",
    "lineItems": "lineItems",
    "results": "results",
}

"""Reads an upload of Profijt users, JSON or CSV, row by row: a bad row is reported and the others go on.

Values are texts and stay what they were: "067" keeps its zero. A field for a BSN refuses the whole upload by the
field's name, and never shows a value.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from functions import sheet
from shared.domain.people import Role, User
from shared.errors import Fault, Invalid
from shared.values import dataclass

ROLES = {"leerling": Role.STUDENT, "docent": Role.TEACHER}
COLUMNS = {
    "id": "id",
    "rol": "role",
    "voornaam": "first_name",
    "tussenvoegsel": "prefix",
    "achternaam": "last_name",
    "afkorting": "abbreviation",
    "nummer": "number",
    "entreeKenmerk": "entree",
    "eckId": "eck_id",
    "untisIdNummer": "untis_id",
    "email": "email",
    "actief": "active",
}
LONGEST = 200  # an ECK-iD counts 154 characters, no field is longer
LIMIT = 5_000
ROW_SCHEMA = {  # only described: a row that does not fit is listed in the answer, and the others are stored
    "description": "Velden / fields: "
    + ", ".join(COLUMNS)
    + ". Tekst / text; id, rol en een naam zijn verplicht / required.",
    "examples": [{"id": "u-1", "rol": "leerling", "voornaam": "Benjamin", "achternaam": "Bauer", "nummer": "067"}],
}
_NEEDED = ("id", "rol", "voornaam", "achternaam")
_BSN = ("bsn", "burgerservice", "sofin", "socialfiscaalnummer", "pgn", "persoonsgebondennummer", "onderwijsnummer")
_ID = re.compile(r"[^\s/\x00-\x1f\x7f]{1,128}")


@dataclass(frozen=True, slots=True)
class Rows:
    """What an upload says: users to keep, ids of users who left, and the rows that were refused, each by its place."""

    count: int
    users: tuple[User, ...]
    removed: tuple[str, ...]
    refused: tuple[tuple[int, str, Fault], ...]  # row number from 1, its id or "", what is wrong


def from_json(rows: Sequence[Mapping[str, object]]) -> Rows:
    """The rows of a JSON upload. Raises Invalid for a BSN, or more than 5,000 rows."""
    return _rows(rows)


def from_csv(text: bytes) -> Rows:
    """Rows of a CSV file with a header line, separated by ";" or ",", UTF-8 with or without a byte order mark.

    Raises Invalid for another encoding, an unknown or missing column, a BSN column, or more than 5,000 rows.
    """
    rows = sheet.read(text)
    header = [name.strip() for name in rows[0]] if rows else []
    _refuse_bsn(header)
    known = {name.casefold(): name for name in COLUMNS}
    names = [known.get(name.casefold(), "") for name in header]
    # By its place: where a header is missing altogether, the first user stands there.
    odd = [place for place, name in enumerate(names, start=1) if not name or name in names[: place - 1]]
    if odd:
        raise Invalid("users.columns", places=", ".join(map(str, odd)))
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise Invalid("users.header", columns=", ".join(missing))
    return _rows(
        dict(zip(names, row, strict=True))
        if len(row) == len(names)
        else Fault("", "users.cells", (("cells", len(row)), ("columns", len(names))))
        for row in rows[1:]
        if any(cell.strip() for cell in row)
    )


def _refuse_bsn(names: Iterable[str]) -> None:
    for name in names:
        plain = unicodedata.normalize("NFKC", name).casefold()
        letters = "".join(char for char in plain if char.isalpha())  # no digits: a value is never repeated
        if any(word in letters for word in _BSN):
            raise Invalid("users.bsn_refused", field=letters[:40])


def _rows(given: Iterable[Mapping[str, object] | Fault]) -> Rows:
    """`given` are rows, and what is wrong with those that are none."""
    rows = list(given)
    _refuse_bsn({name for row in rows if not isinstance(row, Fault) for name in row})
    if len(rows) > LIMIT:
        raise Invalid("users.too_many", count=len(rows), limit=LIMIT)
    times = Counter(_id_of(row) for row in rows if not isinstance(row, Fault))
    users: list[User] = []
    removed: list[str] = []
    refused: list[tuple[int, str, Fault]] = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, Fault):
            refused.append((number, "", row))
            continue
        fault, identifier = _fault(row), _id_of(row)
        if fault is None and times[identifier] > 1:
            fault = Fault("id", "users.twice")
        if fault is not None:
            refused.append((number, identifier if _ID.fullmatch(identifier) else "", fault))
        elif str(row.get("actief", "ja")).strip().lower() in ("nee", "false"):
            removed.append(identifier)
        else:
            texts = {COLUMNS[name]: str(value or "").strip() for name, value in row.items() if name != "actief"}
            users.append(User(**texts | {"role": ROLES[texts["role"].lower()]}))  # type: ignore[arg-type]
    return Rows(len(rows), tuple(users), tuple(removed), tuple(refused))


def _id_of(row: Mapping[str, object]) -> str:
    return str(row.get("id", "")).strip()


def _fault(row: Mapping[str, object]) -> Fault | None:
    """The first thing wrong with this row."""
    for name in row:
        if name not in COLUMNS:
            field = "".join(char for char in name if char.isalpha() or char in "_-")[:40]  # a value is never repeated
            return Fault(field, "users.fields", (("field", field),))
    for name, value in row.items():
        if name == "actief" and isinstance(value, bool):
            continue
        if value is not None and not isinstance(value, str):
            return Fault(name, "users.not_text", (("field", name),))
        if value and len(value) > LONGEST:
            return Fault(name, "users.too_long", (("field", name), ("limit", LONGEST)))
        if value and not value.isprintable() and any(ord(char) < 32 for char in value.strip()):
            return Fault(name, "users.control", (("field", name),))
    texts = {name: str(value or "").strip() for name, value in row.items()}
    if not _ID.fullmatch(texts.get("id", "")) or re.fullmatch(r"\.{1,2}|__.*__", texts["id"]):
        return Fault("id", "users.id")
    if texts.get("rol", "").lower() not in ROLES:
        return Fault("rol", "users.role")
    if not texts.get("voornaam") and not texts.get("achternaam"):
        return Fault("achternaam", "users.empty", (("field", "achternaam"),))
    if texts.get("actief", "").lower() not in ("", "ja", "nee", "true", "false"):
        return Fault("actief", "users.active")
    return None

"""Tables for Dutch Excel: ";" between cells, UTF-8 with a byte order mark, and no cell that starts a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from shared.domain.causes import Language

if TYPE_CHECKING:
    from functions.told import EntryOut

_HEADERS: dict[Language, tuple[str, ...]] = {
    "nl": ("Gebruiker", "Naam", "Rol", "Status", "ID-nummer", "Wijziging", "Regel", "Reden", "Oplossing",
           "Wie kan dit oplossen", "Sinds", "Kandidaten", "Code"),
    "en": ("User", "Name", "Role", "State", "ID number", "Change", "Rule", "Reason", "Remedy",
           "Who can mend it", "Since", "Candidates", "Code"),
}  # fmt: skip


_WORDS: dict[Language, dict[str, str]] = {
    "nl": {
        "linked": "gekoppeld",
        "review": "te beoordelen",
        "conflict": "conflict",
        "not_found": "niet gevonden",
        "suspended": "opgeschort",
        "excluded": "uitgesloten",
        "gone": "niet meer in Profijt",
        "relinked": "andere koppeling",
        "lost": "koppeling vervallen",
        "changed": "gewijzigd",
        "admin": "Profijt-beheerder",
        "untis-admin": "Untis-beheerder",
        "sis-admin": "LIS-beheerder",
        "profijt-support": "Profijt support",
        "nobody": "",
    },
    "en": {
        "not_found": "not found",
        "gone": "no longer in Profijt",
        "relinked": "linked elsewhere",
        "lost": "link lost",
        "admin": "Profijt admin",
        "untis-admin": "Untis admin",
        "sis-admin": "SIS admin",
        "profijt-support": "Profijt support",
        "nobody": "",
    },
}


def write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file's bytes; CRLF line ends and quoting after RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def log(entries: Iterable["EntryOut"], language: Language) -> bytes:
    """A run's log, one line a user, with words for the codes."""
    words = _WORDS[language]
    return write(
        _HEADERS[language],
        (
            (
                entry.user,
                entry.name,
                entry.role,
                words.get(entry.state, entry.state),
                entry.id_number,
                words.get(entry.change, entry.change),
                entry.rule,
                entry.reason,
                entry.remedy,
                words.get(entry.owner, entry.owner),
                f"{entry.since:%d-%m-%Y %H:%M}",
                ", ".join(f"{found.name} ({found.id_number or '-'})" for found in entry.candidates),
                entry.code,
            )
            for entry in entries
        ),
    )


def _cell(value: str) -> str:
    """Excel runs a cell that starts with one of these; an apostrophe makes it text (OWASP, CSV injection)."""
    text = " ".join(value.splitlines()) if "\n" in value or "\r" in value else value
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

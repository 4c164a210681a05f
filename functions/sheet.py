"""Tables for Dutch Excel: ";" between cells, UTF-8 with a byte order mark, and no cell that starts a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from shared.domain.causes import Language

if TYPE_CHECKING:
    from functions.runs import EntryOut

_HEADERS: dict[Language, tuple[str, ...]] = {
    "nl": ("Gebruiker", "Naam", "Rol", "Status", "ID-nummer", "Wijziging", "Regel", "Reden", "Oplossing",
           "Wie kan dit oplossen", "Sinds", "Kandidaten", "Code"),
    "en": ("User", "Name", "Role", "State", "ID number", "Change", "Rule", "Reason", "Remedy",
           "Who can mend it", "Since", "Candidates", "Code"),
}  # fmt: skip


def write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file's bytes; CRLF line ends and quoting after RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def log(entries: Iterable["EntryOut"], language: Language) -> bytes:
    """A run's log, one line a user."""
    return write(
        _HEADERS[language],
        (
            (
                entry.user,
                entry.name,
                entry.role,
                entry.state,
                entry.id_number,
                entry.change,
                entry.rule,
                entry.reason,
                entry.remedy,
                entry.owner,
                entry.since,
                ", ".join(f"{found.name} ({found.id_number})" for found in entry.candidates),
                entry.code,
            )
            for entry in entries
        ),
    )


def _cell(value: str) -> str:
    """Excel runs a cell that starts with one of these; an apostrophe makes it text (OWASP, CSV injection)."""
    text = " ".join(value.splitlines()) if "\n" in value or "\r" in value else value
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

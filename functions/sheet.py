"""Tables for and from Dutch Excel: ";" between cells, UTF-8 with a byte order mark, no cell that starts a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import CHANGE_WORDS, OWNER_WORDS, STATE_WORDS, word
from shared.errors import Invalid

if TYPE_CHECKING:
    from functions.told import EntryOut, RunOut

_HEADERS: dict[Language, tuple[str, ...]] = {
    "nl": ("Gebruiker", "Naam", "Rol", "Status", "ID-nummer", "Wijziging", "Regel", "Reden", "Oplossing",
           "Wie kan dit oplossen", "Sinds", "Kandidaten", "Code"),
    "en": ("User", "Name", "Role", "State", "ID number", "Change", "Rule", "Reason", "Remedy",
           "Who can mend it", "Since", "Candidates", "Code"),
}  # fmt: skip

_LOG_OF = "run.log_of"


def write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file's bytes; CRLF line ends and quoting after RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read(text: bytes) -> list[list[str]]:
    """The cells of a CSV file by row, separated by ";" or ",", UTF-8 with or without a byte order mark.

    Raises Invalid for another encoding, and for a quotation mark that does not close.
    """
    try:
        lines = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("users.not_utf8") from None
    if "\0" in lines:
        raise Invalid("users.not_utf8")
    separator = ";" if ";" in lines.partition("\n")[0] else ","
    try:
        return list(csv.reader(io.StringIO(lines, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise Invalid("users.csv_broken") from None


def log(run: "RunOut", entries: Iterable["EntryOut"], language: Language) -> bytes:
    """A run's log, one line a user, with words for the codes; what was the matter with the run comes first."""
    return write(
        _HEADERS[language],
        _problems(run, language)
        + [
            (
                entry.user,
                entry.name,
                entry.role,
                word(STATE_WORDS, entry.state, language),
                entry.id_number,
                word(CHANGE_WORDS, entry.change, language),
                entry.rule_text,
                entry.reason,
                entry.remedy,
                word(OWNER_WORDS, entry.owner, language),
                f"{entry.since:%d-%m-%Y %H:%M}",
                ", ".join(f"{found.name} ({found.id_number or '-'})" for found in entry.candidates),
                entry.code,
            )
            for entry in entries
        ],
    )


def _problems(run: "RunOut", language: Language) -> list[tuple[str, ...]]:
    when = f"{run.started:%d-%m-%Y %H:%M}"
    told = [
        (each.message, each.remedy, word(OWNER_WORDS, each.owner, language), when, "", each.code)
        for each in run.problems
    ]
    if told and run.same_as:
        told.append((CAUSES[_LOG_OF].sentence(language, {"run": run.same_as}), "", "", "", "", _LOG_OF))
    return [("",) * 7 + row for row in told]


def _cell(value: str) -> str:
    """Excel runs a cell that starts with one of these; an apostrophe makes it text (OWASP, CSV injection)."""
    text = " ".join(value.splitlines()) if "\n" in value or "\r" in value else value
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

"""An export's outcomes as a table for Dutch Excel: a line per item and student, with reason, remedy and owner."""

from functions.export_told import ExportWithItemsOut, ForcedOut
from functions.sheet import write
from functions.told import ProblemOut
from shared.domain.causes import Language
from shared.domain.causes.words import OWNER_WORDS, Words, word

_HEADERS: dict[Language, tuple[str, ...]] = {
    "nl": ("Export", "Geëxporteerd op", "Door", "Lesgroep", "LIS-lesgroep", "Onderdeel", "Leerling", "Naam",
           "Uitkomst", "Score", "Status", "Reden", "Oplossing", "Wie kan dit oplossen", "Aangepast",
           "Melding van het LIS", "Code"),
    "en": ("Export", "Exported at", "By", "Class", "SIS class", "Item", "Student", "Name", "Outcome", "Score",
           "Status", "Reason", "Remedy", "Who can mend it", "Adapted", "Said by the SIS", "Code"),
}  # fmt: skip
OUTCOME_WORDS: Words = {
    "sent": {"nl": "verzonden en bevestigd", "en": "sent and confirmed"},
    "confirmed": {"nl": "bevestigd na controle", "en": "confirmed by checking"},
    "same": {"nl": "stond er al", "en": "was there already"},
    "kept": {"nl": "gelaten zoals in het LIS", "en": "left as in the SIS"},
    "cleared": {"nl": "gewist in het LIS", "en": "cleared in the SIS"},
    "conflict": {"nl": "wacht op een keuze", "en": "waits for a choice"},
    "withdrawn": {"nl": "ingetrokken, staat nog in het LIS", "en": "withdrawn, still in the SIS"},
    "cannot": {"nl": "kan niet", "en": "cannot"},
    "failed": {"nl": "mislukt", "en": "failed"},
    "pending": {"nl": "nog bezig", "en": "still to come"},
    "not_tried": {"nl": "niet geprobeerd", "en": "not tried"},
}
STATUS_WORDS: Words = {
    "": {"nl": "", "en": ""},
    "exempt": {"nl": "vrijgesteld", "en": "exempt"},
    "fully graded": {"nl": "cijfer", "en": "graded"},
    "not submitted": {"nl": "ontbreekt", "en": "missing"},
    "partially graded": {"nl": "deels beoordeeld", "en": "partially graded"},
    "submitted": {"nl": "ingeleverd", "en": "submitted"},
}


def outcomes(told: ExportWithItemsOut, language: Language) -> bytes:
    """An item's own line comes before its students'."""
    export = told.export
    head = (export.id, f"{export.at:%d-%m-%Y %H:%M}", export.by, export.course_name, export.sis_title)
    rows: list[tuple[str, ...]] = []
    for item in told.items:
        own = (word(OUTCOME_WORDS, item.outcome, language), "", "", *_why(item.why, language))
        rows.append((*head, item.title, "", "", *own[:6], _forced(item.forced), item.said, own[6]))
        for each in item.students:
            outcome = word(OUTCOME_WORDS, each.outcome, language)
            message, remedy, owner, code = _why(each.why, language)
            rows.append(
                (
                    *head, item.title, each.student, each.name, outcome, _score(each.score, language),
                    word(STATUS_WORDS, each.status, language), message, remedy, owner, _forced(each.forced), each.said,
                    code,
                )
            )  # fmt: skip
    return write(_HEADERS[language], rows)


def _why(why: ProblemOut | None, language: Language) -> tuple[str, str, str, str]:
    return (why.message, why.remedy, word(OWNER_WORDS, why.owner, language), why.code) if why else ("", "", "", "")


def _score(score: float | None, language: Language) -> str:
    text = "" if score is None else f"{score:g}"
    return text.replace(".", ",") if language == "nl" else text


def _forced(forced: list[ForcedOut]) -> str:
    return " ".join(each.why.message for each in forced)

"""How long everything is kept that goes by itself, by the names under which the retention job counts it."""

from datetime import timedelta

from functions.idempotency import KEPT as ANSWERS
from shared.domain.rules import Keep
from shared.flows.ask_google import GOOD_FOR
from shared.flows.bundle import LONGEST
from shared.flows.tell import KEPT as NOTICES

_DAY = timedelta(days=1)


def kept_days(keep: Keep) -> dict[str, int]:
    """The periods in force, in days; what is kept for minutes or hours goes within the day, or the days, told here."""
    periods = {
        "runs": keep.record,
        "logs": keep.log,
        "audit": keep.audit,
        "weeks": keep.weeks,
        "coursework": keep.coursework,
        "secrets": keep.secret,
        "exports": keep.record,
        "export-items": keep.log,
        "export-sheets": keep.log,
        "lines": keep.coursework,
        "interests": keep.audit,
        "retention": keep.record,
        "notices": NOTICES,
        "support": timedelta(hours=LONGEST),
        "idempotency": ANSWERS,
        "google-ways": GOOD_FOR,
        "google": keep.secret,  # counted from when the user is gone from Profijt, as feeds
        "feeds": keep.secret,
    }
    return {name: -(-period // _DAY) for name, period in periods.items()}

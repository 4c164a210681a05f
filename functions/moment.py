"""A moment in an address: ISO 8601 with an offset, or nothing."""

from datetime import datetime

from shared.errors import Fault, Invalid


def moment(text: str, name: str) -> datetime | None:
    """None for "". Raises Invalid that names the parameter, for what is no moment or has no offset."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))  # a "+" in an address is read as a blank
    except ValueError:
        found = None
    # The last years there are cannot be told in every zone.
    if found is None or found.tzinfo is None or not 1900 < found.year < 9000:
        raise Invalid("request.query_invalid", (Fault(f"?{name}", "week.moment"),))
    return found

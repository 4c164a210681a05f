"""Of an ECK-iD only the last 6 characters are shown, wherever it turns up: it follows a pupil for life (edu-v.nl)."""

_LONGEST = 64  # an ECK-iD is an address with 128 hex digits; an ID-nummer that people type is never longer than this


def last6(value: str) -> str:
    """Enough to tell two apart; "" for none."""
    return f"…{value[-6:]}" if value else ""


def masked(key: str, *, eck: bool = False) -> str:
    """An ID-nummer to show. `eck`: it is known to be an ECK-iD; one that can be nothing else is recognised."""
    return last6(key) if eck or len(key) > _LONGEST else key

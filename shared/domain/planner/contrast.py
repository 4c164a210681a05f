"""Black or white text on a colour, whichever can be read best: at least 4.5 to 1 on every colour (WCAG 2.2, AA)."""

from functools import lru_cache

BLACK, WHITE = "#000000", "#FFFFFF"


@lru_cache(maxsize=1024)
def text_on(colour: str) -> str:
    """BLACK or WHITE, for a #RRGGBB."""
    return max((BLACK, WHITE), key=lambda text: contrast(text, colour))


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

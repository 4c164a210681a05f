"""Texts as a SIS takes them: one line, as short as need be, and never cut inside what a person sees as one sign."""

import base64
import hashlib
import unicodedata

SHORTEST_CUT = 15  # no SIS is known that cuts titles to less
_JOINER = "\u200d"


def one_line(text: str) -> str:
    """Without line breaks, control characters and spaces too many."""
    return " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in whole(text)).split())


def whole(text: str) -> str:
    """Without half characters (surrogates that stand alone), which no JSON can carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def key(title: str) -> str:
    """Two titles with the same key are the same to a reader."""
    return one_line(title).casefold()


def cut(text: str, limit: int) -> str:
    """The text in at most `limit` characters; an ellipsis, which counts, stands for what is missing."""
    if len(text) <= limit:
        return text
    kept = ""
    for sign in _signs(text):
        if len(kept) + len(sign) > limit - 1:
            break
        kept += sign
    return kept.rstrip() + "…" if limit > 0 else ""


def told_apart(title: str, work: str, limit: int) -> str:
    """The title with a mark that is always the same for this work and another for any other."""
    mark = base64.b32encode(hashlib.blake2b(work.encode(), digest_size=5).digest()).decode().lower()[:5]
    return f"{cut(title, limit - len(mark) - 3)} ({mark})"


def _signs(text: str) -> list[str]:
    """What a person sees as one sign each: a letter with its accents, an emoji with its skin, family and flag."""
    signs: list[str] = []
    for char in text:
        if signs and _continues(signs[-1], char):
            signs[-1] += char
        else:
            signs.append(char)
    return signs


def _continues(sign: str, char: str) -> bool:
    if unicodedata.category(char) in ("Mn", "Mc", "Me") or char == _JOINER or sign[-1] == _JOINER:
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f":  # skin; the tags of a flag
        return True
    return len(sign) == 1 and _is_half_flag(sign) and _is_half_flag(char)


def _is_half_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"

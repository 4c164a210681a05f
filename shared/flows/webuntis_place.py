"""Where a school is at WebUntis, read from what somebody typed or pasted: https://tom.webuntis.com/WebUntis/?school=x."""

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from shared.errors import Fault, Invalid
from shared.values import dataclass

_SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Place:
    """`school_name` "": it was not said."""

    school_name: str
    subdomain: str


def place_of(school_name: str, subdomain: str) -> Place:
    """The place in these two fields. An address in either fills in the other where that one is empty.

    Raises Invalid "settings.subdomain" when what stands for the subdomain is none.
    """
    name, field = school_name.strip(), subdomain.strip()
    if "://" in name:
        pasted = _pasted(name)
        return Place(pasted.school_name, _pasted(field).subdomain or pasted.subdomain)
    pasted = _pasted(field)
    return Place(name or pasted.school_name, pasted.subdomain)


def _pasted(text: str) -> Place:
    """ "tom", "Tom.webuntis.com.", "https://tom.webuntis.com/WebUntis/?school=x#/basic/login"; "" stays ""."""
    if not text:
        return Place("", "")
    try:
        address = urlsplit(text if "//" in text else f"//{text}")
        host = (address.hostname or "").rstrip(".")
    except ValueError:  # brackets of an IPv6 address that is none
        raise _refused() from None
    first, _, rest = host.partition(".")
    known = rest in ("", "webuntis.com") or rest.endswith(".webuntis.dev")
    if not known or "@" in address.netloc or not _SUBDOMAIN.fullmatch(first):
        raise _refused()
    return Place(_school(address), first)


def _school(address: SplitResult) -> str:
    """The school an address names, in its query or behind the "#" where the newer pages have theirs."""
    for query in (address.query, address.fragment.partition("?")[2]):
        for name in parse_qs(query, max_num_fields=20).get("school", ()) if query.count("&") < 20 else ():
            return name.strip()[:200]
    return ""


def _refused() -> Invalid:
    return Invalid("settings.subdomain", (Fault("/subdomein", "settings.subdomain"),))

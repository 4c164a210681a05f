"""The SIS partners out of their data files: a file that is wrong is refused by name, never half understood."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from shared.domain.partner import Partner
from shared.errors import Fault, Invalid, Misconfigured

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@cache
def partners() -> tuple[Partner, ...]:
    """Those that we ship, in the order in which a school sees them."""
    return read_partners(files("shared.domain") / "partners")


def find_partner(identifier: str) -> Partner:
    """Raises Invalid "partner.unknown" with the ids of those there are."""
    found = {partner.id: partner for partner in partners()}
    if identifier not in found:
        raise Invalid("partner.unknown", (Fault("/partner", "partner.unknown"),), partners=", ".join(found))
    return found[identifier]


def read_partners(folder: Traversable) -> tuple[Partner, ...]:
    """Of every `<id>.toml` in the folder. Raises Misconfigured "partner.unreadable" with the file and what is wrong."""
    found = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    told = (partner_of(file.name.removesuffix(".toml"), file.read_bytes()) for file in found)
    return tuple(sorted(told, key=lambda partner: (partner.rank, partner.id)))


def partner_of(identifier: str, content: bytes) -> Partner:
    """The partner that this file describes. Raises Misconfigured "partner.unreadable"."""
    try:
        data = tomllib.loads(content.decode())
        partner = msgspec.convert(data | {"id": identifier}, Partner)
    except ValueError as err:  # not UTF-8, not TOML, or not a partner
        raise Misconfigured("partner.unreadable", file=f"{identifier}.toml", what=str(err)) from err
    known = msgspec.to_builtins(partner)
    wrong = [*_strays(data, known), *(name for name in partner.unknown if not _stands(known, name))]
    if not _ID.fullmatch(identifier):
        wrong.append(identifier)
    if wrong:
        raise Misconfigured("partner.unreadable", file=f"{identifier}.toml", what=", ".join(wrong))
    return partner


def _strays(data: Any, known: Any, at: str = "") -> Iterator[str]:
    """Where the file says something that nobody reads: a misspelled limit would otherwise be no limit."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name in known:
                yield from _strays(value, known[name], f"{at}{name}.")
            else:
                yield at + name
    elif isinstance(data, list):
        for value, told in zip(data, known, strict=True):
            yield from _strays(value, told, at)


def _stands(data: Any, name: str) -> bool:
    """Whether there is a field of this dotted name; of a list, in any of its members."""
    first, _, rest = name.partition(".")
    if isinstance(data, list | tuple):
        return any(_stands(each, name) for each in data)
    return isinstance(data, dict) and first in data and (not rest or _stands(data[first], rest))

"""Where the door may go: a rule says yes to a URL, and names the very addresses that may then be dialled.

`Public` is the rule for hosts a school types. `PublicAndLoopback` is for the local composition and has to be asked for
by its name; no setting of `Public` lets loopback through.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from typing import Protocol

Resolver = Callable[[str], Sequence[str]]  # a host name → its addresses as text; OSError when there are none


class AddressRefused(Exception):
    """This URL or address is never called. `code` is a code of `shared.domain.causes` ("address.…")."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AddressRule(Protocol):
    """Decides about URLs and addresses; both questions raise AddressRefused."""

    def url(self, url: str) -> str:
        """The same URL with its host in lower-case ASCII, ready to send."""
        ...

    def addresses(self, host: str) -> tuple[str, ...]:
        """Every address of `host`, each of them allowed. Asked anew for each connection; OSError when unknown."""
        ...


def system_resolver(host: str) -> list[str]:
    """The operating system's answer. It has no timeout of its own: the resolver's settings bound it (10 s on GCP)."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class Public:
    """https on port 443 to a host name whose every address is public."""

    def __init__(self, resolve: Resolver = system_resolver) -> None:
        self._resolve = resolve

    def url(self, url: str) -> str:
        host, rest = _split(url)
        return f"https://{_host_name(host)}{rest}"

    def addresses(self, host: str) -> tuple[str, ...]:
        found = tuple(self._resolve(host))
        # One private address among public ones is how a name is made to lead inside: the whole name is refused.
        if not found or not all(is_public(address) for address in found):
            raise AddressRefused("address.not_public")
        return found


class PublicAndLoopback:
    """For the local composition only: what `Public` allows, and http to this machine on any port."""

    _LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::[0-9]{1,5})?(?:[/?][!-~]*)?")

    def __init__(self, resolve: Resolver = system_resolver) -> None:
        self._public = Public(resolve)

    def url(self, url: str) -> str:
        return url if self._LOOPBACK.fullmatch(url) else self._public.url(url)

    def addresses(self, host: str) -> tuple[str, ...]:
        return ("127.0.0.1",) if host in ("127.0.0.1", "localhost") else self._public.addresses(host)


# One grammar decides, and it is strict: what URL parsers read differently (backslash, tab, "#@") is not in it.
_URL = re.compile(r"https://([^/?#\\]*)((?:[/?][!-~]*)?)", re.IGNORECASE)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label starts with a letter, so no notation of a number (decimal, octal, hex, fewer dots) is a host name.
_HOST = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
# RFC 6761, RFC 8375 and ICANN's .internal: names that by design lead nowhere public (metadata.google.internal).
_INSIDE = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "onion"})


def _split(url: str) -> tuple[str, str]:
    """The host as written, and path with query."""
    if len(url) > 4096:
        raise AddressRefused("address.too_long")
    found = _URL.fullmatch(url)
    if found is None or any(character in url for character in "#\\"):
        raise AddressRefused("address.not_https" if not url.lower().startswith("https://") else "address.malformed")
    authority, rest = found[1], found[2]
    if "@" in authority:
        raise AddressRefused("address.user_info")
    if "[" in authority or authority.count(":") > 1:
        raise AddressRefused("address.ip_literal")
    host, colon, port = authority.partition(":")
    if colon and port != "443":
        raise AddressRefused("address.port")
    return host, rest


def _host_name(typed: str) -> str:
    host = typed.lower()
    if not host.isascii():
        host = _to_ascii(host)
    if _NUMBER.fullmatch(host):
        raise AddressRefused("address.ip_literal")
    if len(host) > 253 or not _HOST.fullmatch(host) or host.rpartition(".")[2] in _INSIDE:
        raise AddressRefused("address.host_name")
    return host


def _to_ascii(host: str) -> str:
    """IDNA 2008. The result is judged like any other host: full-width digits become an ordinary IP address here."""
    import idna  # only for the rare name with an umlaut; comes with requests

    if len(host) > 253:
        raise AddressRefused("address.host_name")
    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as err:
        raise AddressRefused("address.host_name") from err


_REFUSED_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, metadata servers
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only 2000::/3 is handed out to the world, so mapped (::ffff:), NAT64 (64:ff9b:), unique-local, link-local and
# multicast addresses are refused by not being in it; these are the parts of it that carry another or nobody's address.
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, with Teredo, which embeds an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, embeds an IPv4 address
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether this text is an address on the public internet. The IANA special-purpose registries, written out:
    `ipaddress.is_global` differs between the patch versions of Python 3.11."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # also "fe80::1%eth0" is refused below, by its network
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _REFUSED_4)
    return parsed in _GLOBAL_6 and not any(parsed in network for network in _REFUSED_6)

"""What both Secrets adapters accept, so that a secret kept by one can be kept by the other.

The limits are Secret Manager's: a name of letters, digits, "-" and "_", and 1 to 65,536 bytes of text.
"""

import re

from shared.errors import Invalid, NotFound

LIMIT = 65_536  # bytes, https://cloud.google.com/secret-manager/quotas

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_VERSION = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)  # never "latest": whoever reads names exactly one version


def payload(name: str, value: str) -> bytes:
    """`value` as the bytes to keep under `name`. Raises Invalid."""
    if not is_name(name):
        raise Invalid("secret.name_refused")
    try:
        data = value.encode()
    except UnicodeEncodeError as err:  # half a surrogate pair, which JSON lets through
        raise Invalid("secret.text_refused", limit=LIMIT) from err
    if not 1 <= len(data) <= LIMIT:
        raise Invalid("secret.text_refused", limit=LIMIT)
    return data


def is_name(name: str) -> bool:
    """Whether a secret can be called so at all."""
    return _NAME.fullmatch(name) is not None


def expect_version(name: str, version: str) -> None:
    """Raises NotFound for a name or version that cannot exist, before it becomes part of anybody's path."""
    if not is_name(name) or not _VERSION.fullmatch(version):
        raise not_found(name, version)


def not_found(name: str, version: str) -> NotFound:
    """The one answer for unknown, disabled and destroyed."""
    known = is_name(name) and _VERSION.fullmatch(version)
    return NotFound("secret.not_found", secret=name if known else "?", version=version if known else "?")

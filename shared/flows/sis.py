"""A school's SIS as it is connected, and the way in: without a connection there is no gradebook."""

from dataclasses import field
from datetime import date, timedelta

from shared.domain.partner import Partner
from shared.domain.run import Problem
from shared.domain.sis import Sis
from shared.errors import NotAllowed, NotFound
from shared.flows.record import decode, encode, from_json, to_json
from shared.flows.refused_key import careful, refusal_path, standing_refusal
from shared.flows.sis_partners import find_partner
from shared.gradebook_port import Gradebook, SisConnection
from shared.ports import ABSENT, App, Document, Write
from shared.values import dataclass

WARNED = timedelta(days=30)  # before key and secret expire


@dataclass(frozen=True, slots=True)
class Credentials:
    """Toegangssleutel and Geheime code, kept as one secret: they change together."""

    key: str = field(repr=False)
    secret: str = field(repr=False)


def sis_path(school: str) -> str:
    return f"schools/{school}/sis/connection"


def secret_name(school: str) -> str:
    """The name, among the secrets, of the credentials of the school's SIS."""
    return f"sis-{school}"


def read_sis(app: App, school: str) -> tuple[Sis | None, str]:
    """The connection, also one that was ended, and the version to write it back with (None and ABSENT: never any)."""
    return sis_of(app.store.get(sis_path(school)))


def sis_of(document: Document | None) -> tuple[Sis | None, str]:
    """As `read_sis`, of a document that was read already."""
    return (decode(document.data, Sis), document.version) if document else (None, ABSENT)


def sis_write(school: str, sis: Sis, *, version: str) -> Write:
    """The write that keeps it if it still is at `version`; commit it with the event that tells who did so."""
    return Write(sis_path(school), encode(sis), expect=version)


def partner_of(sis: Sis) -> Partner:
    return find_partner(sis.partner)


def require_teachers(sis: Sis) -> None:
    """Raises NotAllowed "sis.teachers_off" while the school lets no teacher link a class or export."""
    if not sis.teachers_export:
        raise NotAllowed("sis.teachers_off")


def expiry(sis: Sis | None, today: date) -> Problem | None:
    """What is to be said of the end of key and secret; `today` is the school's."""
    if sis is None or sis.expires is None or not sis.connected or today + WARNED < sis.expires:
        return None
    code = "sis.expired" if sis.expires < today else "sis.expires_soon"
    return Problem(code, {"date": sis.expires.isoformat()})


def attention(app: App, school: str, sis: Sis | None, today: date) -> Problem | None:
    """What its admin must know now: key and secret have expired, are refused by the SIS, or expire soon."""
    ending = expiry(sis, today)
    if sis is None or not sis.connected or (ending and ending.code == "sis.expired"):
        return ending
    return standing_refusal(app, school, sis) or ending


def open_sis(app: App, school: str) -> tuple[Sis, Gradebook]:
    """The connection and its gradebook, which for a while answers by itself what the SIS refused anybody of the school.

    Raises NotAllowed "sis.not_connected"; Unreachable while the secrets are.
    """
    for _ in range(2):  # the secret may be replaced between the two reads
        found = app.store.get_many([sis_path(school), refusal_path(school)])
        sis, _version = sis_of(found.get(sis_path(school)))
        if sis is None or not sis.connected:
            break
        try:
            credentials = read_credentials(app, school, sis.secret_version)
        except NotFound:
            continue
        gradebook = app.gradebook(connection_of(school, sis, credentials))
        return sis, careful(app, school, sis, gradebook, refusal=found.get(refusal_path(school)))
    raise NotAllowed("sis.not_connected")


def read_credentials(app: App, school: str, version: str) -> Credentials:
    """Raises NotFound for a version that is not there or no longer in use."""
    return from_json(app.secrets.read(secret_name(school), version).encode(), Credentials)


def add_credentials(app: App, school: str, credentials: Credentials) -> str:
    """Keep them under a new version, and return it."""
    return app.secrets.add(secret_name(school), to_json(credentials).decode())


def connection_of(school: str, sis: Sis, credentials: Credentials) -> SisConnection:
    """How to reach this SIS with these credentials."""
    return SisConnection(
        school=school,
        prefix=sis.prefix,
        version=sis.version,
        security=sis.security,
        key=credentials.key,
        secret=credentials.secret,
        secret_version=sis.secret_version,
        token_url=sis.token_url,
    )

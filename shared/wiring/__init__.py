"""Who plays which role in the cloud, and what both compositions share. Nothing is made before it is asked for."""

import os
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast
from zoneinfo import ZoneInfo

from shared.config import Config, Google, Issuer, MailServer, WebUntisPlace, read
from shared.errors import Misconfigured
from shared.ports import App, Identity, Queue, Roster, Secrets, Store, WebUntisConnection
from shared.telling import Mail, Webhook
from shared.timetable_source import ApiUser, TimetableSource

if TYPE_CHECKING:
    from shared.adapters.classroom import GoogleClient, Place
    from shared.adapters.http.door import Door
    from shared.adapters.webuntis import Endpoints
    from shared.adapters.webuntis.auth import Tokens
    from shared.adapters.webuntis_jsonrpc import JsonRpc
    from shared.coursework_port import ClassroomAccess, ConsentDesk, Coursework
    from shared.gradebook_port import Gradebook, SisConnection

T = TypeVar("T")


@cache
def config() -> Config:
    """This process's environment. Raises Misconfigured."""
    return read(os.environ)


def cloud(trace: Callable[[], str]) -> Callable[[], App]:
    """Makes the cloud's composition when it is first called, once per instance: Firestore, Secret Manager, Pub/Sub
    and the real WebUntis. `trace` tells the trace id that goes along with messages."""
    return cache(lambda: compose_cloud(config(), trace=trace))


def compose_cloud(settings: Config, *, trace: Callable[[], str]) -> App:
    """The cloud's composition for these settings. Raises Misconfigured when they would let it reach loopback, or name
    no client id: it is half of every school's login, and a login that is refused is not made again.

    Each part is made, and its library imported, when it is first used: a function pays for what its requests need.
    """
    if settings.reach_loopback:
        raise Misconfigured("config.loopback")
    if not settings.webuntis.client_id:
        raise Misconfigured("config.missing", variable="WEBUNTIS_CLIENT_ID")
    door = later(_public_door)
    secrets = later(lambda: _secret_manager(settings))
    server = settings.mail
    classroom = cache(lambda: classrooms(door, settings.google, secrets))
    return App(
        store=later(lambda: _firestore(settings)),
        secrets=secrets,
        queue=later(lambda: _pubsub(settings, trace)),
        roster=lambda connection: rosters(door, settings.webuntis)(connection),  # noqa: PLW0108  imports when called
        timetable=lambda connection, zone: timetables(door, settings.webuntis)(connection, zone),  # noqa: PLW0108
        gradebook=lambda connection: gradebooks(door)(connection),  # noqa: PLW0108
        classroom=lambda access: classroom()(access),  # noqa: PLW0108
        consent=later(lambda: consent_desk(door, settings.google, secrets)) if settings.google.client_id else None,
        identity=later(lambda: people(door, settings.people)),
        machines=later(lambda: machines(door, settings.machines, settings.machine_emails)),
        signed=signatures(lambda: settings.webhook_keys),
        mail=later(lambda: _smtp(server, secrets)) if server else None,
        webhook=later(lambda: _webhook(door)),
        client_id=settings.webuntis.client_id,
        rules=settings.rules,
        now=utc_now,
        new_id=new_id,
    )


def _firestore(settings: Config) -> Store:
    from shared.adapters.firestore import FirestoreStore

    return FirestoreStore(settings.project, settings.database, emulator=settings.firestore_emulator)


def _secret_manager(settings: Config) -> Secrets:
    from google.cloud.secretmanager_v1 import SecretManagerServiceClient

    from shared.adapters.remembered_secrets import RememberedSecrets
    from shared.adapters.secret_manager import SecretManager

    kept = SecretManager(settings.project, locations=[settings.region], connect=SecretManagerServiceClient)
    return RememberedSecrets(kept, clock=time.monotonic)


def _pubsub(settings: Config, trace: Callable[[], str]) -> Queue:
    from google.pubsub_v1 import PublisherClient

    from shared.adapters.pubsub import PubSubQueue

    return PubSubQueue(settings.project, connect=PublisherClient, trace=trace)


def _smtp(server: MailServer, secrets: Secrets) -> Mail:
    from shared.adapters.mail import SmtpMail

    def password() -> str:
        return secrets.read(server.secret, server.version)

    return SmtpMail(server.host, server.port, server.user, password, server.sender)


def _webhook(door: "Door") -> Webhook:
    from shared.adapters.http.address import Public
    from shared.adapters.webhook import DoorWebhook

    return DoorWebhook(door, Public())


def _public_door() -> "Door":
    from shared.adapters.http.address import Public
    from shared.adapters.http.door import Door

    return Door(Public())


class _Later:
    """Stands in for what `make` gives, until something is asked of it."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> object:
        return self._make()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)


def later(make: Callable[[], T]) -> T:
    """What `make` gives, made when it is first used."""
    return cast(T, _Later(make))


@cache
def rosters(door: "Door", place: WebUntisPlace) -> Callable[[WebUntisConnection | ApiUser], Roster]:
    """Rosters at this WebUntis: by the platform, or for an API user by JSON-RPC."""
    from shared.adapters.webuntis import webuntis

    by_platform = webuntis(door, _endpoints(place), _tokens(door))

    def roster(connection: WebUntisConnection | ApiUser) -> Roster:
        return _rpc(door, place).roster(connection) if isinstance(connection, ApiUser) else by_platform(connection)

    return roster


@cache
def timetables(door: "Door", place: WebUntisPlace) -> Callable[[WebUntisConnection | ApiUser, str], TimetableSource]:
    """Timetables at this WebUntis: by the platform, or for an API user by JSON-RPC."""
    from shared.adapters.webuntis.timetable_client import timetables as platform

    by_platform = platform(door, _endpoints(place), _tokens(door))

    def source(connection: WebUntisConnection | ApiUser, zone: str) -> TimetableSource:
        return (
            _rpc(door, place).timetable(connection, ZoneInfo(zone))
            if isinstance(connection, ApiUser)
            else by_platform(connection, zone)
        )

    return source


@cache
def gradebooks(door: "Door") -> "Callable[[SisConnection], Gradebook]":
    """Gradebooks by OneRoster."""
    from shared.adapters.oneroster import oneroster

    return oneroster(door)


def classrooms(
    door: "Door", google: Google, secrets: Secrets, place: "Place | None" = None
) -> "Callable[[ClassroomAccess], Coursework]":
    """People's Google Classroom, at `place` instead of at Google."""
    from shared.adapters.classroom import Place, classroom

    name, version = google.delegation
    key = (lambda: secrets.read(name, version)) if name else None
    client = _google_client(google, secrets) if google.client_id else None
    return classroom(door, place=place or Place(), client=client, key=key)


def consent_desk(door: "Door", google: Google, secrets: Secrets, place: "Place | None" = None) -> "ConsentDesk":
    """Where people consent, at `place` instead of at Google."""
    from shared.adapters.classroom import GoogleConsent, Place

    return GoogleConsent(door, place=place or Place(), client=_google_client(google, secrets))


def _google_client(google: Google, secrets: Secrets) -> "GoogleClient":
    from shared.adapters.classroom import GoogleClient

    return GoogleClient(google.client_id, lambda: secrets.read(*google.client_secret), google.redirect_url, google.page)


@cache
def _rpc(door: "Door", place: WebUntisPlace) -> "JsonRpc":
    """One for people and lessons, as `_tokens`; imported for the schools that have an API user."""
    from shared.adapters.webuntis_jsonrpc import jsonrpc

    return jsonrpc(door, place.host_pattern)


def _endpoints(place: WebUntisPlace) -> "Endpoints":
    from shared.adapters.webuntis import Endpoints

    return Endpoints(place.api, place.school_search, place.host_pattern)


@cache
def _tokens(_door: "Door") -> "Tokens":
    """One memory of tokens and refusals for people and lessons: a refused password is tried by neither again."""
    from shared.adapters.webuntis.auth import Tokens

    return Tokens()


def people(door: "Door", issuer: Issuer) -> Identity:
    """Profijt's users, by the tokens of this issuer."""
    from shared.adapters.oidc import ClaimNames, OidcIdentity

    return OidcIdentity(
        issuer=issuer.issuers[0],
        audience=issuer.audience,
        jwks_url=issuer.jwks_url,
        claims=ClaimNames(issuer.user_claim, issuer.school_claim, issuer.roles_claim),
        fetch=fetch(door),
        now=utc_now,
    )


def machines(door: "Door", issuer: Issuer, emails: frozenset[str]) -> Identity:
    """The service accounts with these addresses."""
    from shared.adapters.oidc import MachineIdentity

    return MachineIdentity(
        issuers=frozenset(issuer.issuers),
        audience=issuer.audience,
        emails=emails,
        jwks_url=issuer.jwks_url,
        fetch=fetch(door),
        now=utc_now,
    )


def signatures(keys: Callable[[], tuple[str, ...]]) -> Callable[[bytes, str], bool]:
    """Tells whether one of these public keys' owner signed a body. Raises Misconfigured for no key, or a bad one, when
    it is first asked."""

    @cache
    def verify() -> Callable[[bytes, str], bool]:
        from shared.adapters.webuntis_signature import verifier

        if not keys():
            raise Misconfigured("config.missing", variable="WEBUNTIS_WEBHOOK_KEY")
        return verifier(keys())

    def signed(body: bytes, signature: str) -> bool:
        return verify()(body, signature)

    return signed


def fetch(door: "Door") -> Callable[[str], bytes]:
    """What an address answers to a GET when it is a success; raises what the door raises, else."""
    from shared.adapters.http.message import Repeat, Request

    def get(url: str) -> bytes:
        answer = door.send(Request("GET", url, "identity", repeat=Repeat.ALWAYS))
        if not answer.ok:
            raise answer.refusal()
        return answer.body

    return get


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return uuid.uuid4().hex[:12]

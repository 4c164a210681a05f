"""The environment as one frozen value; read by wiring only, once, and complete or refused."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from shared.domain.rules import Freshness, Keep, Limits, Rules
from shared.errors import Misconfigured
from shared.values import dataclass

GOOGLE_KEYS = "https://www.googleapis.com/oauth2/v3/certs"
GOOGLE_ISSUERS = ("https://accounts.google.com", "accounts.google.com")


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose tokens are believed. `jwks_url` serves the keys; claim names are as the issuer spells them."""

    issuers: tuple[str, ...]
    audience: str
    jwks_url: str
    user_claim: str = "sub"
    school_claim: str = "school"
    roles_claim: str = "roles"


@dataclass(frozen=True, slots=True)
class WebUntisPlace:
    """Where WebUntis answers; the defaults are production."""

    api: str = "https://api.webuntis.com"
    school_search: str = "https://schoolsearch.webuntis.com/schoolquery2"
    host_pattern: str = "https://{subdomain}.webuntis.com"
    client_id: str = ""  # of the Profijt application; a school may have its own


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes out, over STARTTLS. `secret` and `version`: where the password is kept ("" user: no login)."""

    host: str
    port: int
    user: str
    secret: str
    version: str
    sender: str


@dataclass(frozen=True, slots=True)
class Google:
    """How Classroom is reached: by people's consent, by a school's domain-wide delegation, or ("" both) not at all.

    `client_secret` and `delegation` name a secret and its version: our OAuth client's, and the key (JSON) of the
    service account. Consent comes back to `redirect_url`, and the browser then goes to `page` ("": stays there).
    """

    client_id: str = ""
    client_secret: tuple[str, str] = ("", "")
    redirect_url: str = ""
    page: str = ""
    delegation: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Config:
    """`reach_loopback` lets admin-typed hosts be this machine: for the local composition only."""

    project: str
    region: str  # where secrets are kept
    database: str
    firestore_emulator: str  # host:port; "" for the real one
    people: Issuer
    machines: Issuer
    machine_emails: frozenset[str]
    webuntis: WebUntisPlace = WebUntisPlace()
    rules: Rules = field(default_factory=Rules)
    cors_origins: tuple[str, ...] = ()
    reach_loopback: bool = False
    mail: MailServer | None = None
    google: Google = Google()
    webhook_keys: tuple[
        str, ...
    ] = ()  # WebUntis' public keys, as PEM or its base64 alone; none: no webhook is believed


def read(env: Mapping[str, str]) -> Config:
    """The configuration in these environment variables. Raises Misconfigured that names the variable."""

    def need(name: str) -> str:
        if not env.get(name):
            raise Misconfigured("config.missing", variable=name)
        return env[name]

    def number(name: str, default: float) -> float:
        try:
            return float(env.get(name) or default)
        except ValueError as err:
            raise Misconfigured("config.unreadable", variable=name) from err

    def words(name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())

    def secret_at(name: str) -> tuple[str, str]:
        secret, _, version = need(name).partition("/")
        if not secret or not version:
            raise Misconfigured("config.unreadable", variable=name)
        return secret, version

    def mail_server() -> MailServer | None:
        if not env.get("SMTP_HOST"):
            return None
        user = env.get("SMTP_USER", "")
        secret, version = secret_at("SMTP_SECRET") if user else ("", "")
        port = int(number("SMTP_PORT", 587))
        return MailServer(env["SMTP_HOST"], port, user, secret, version, need("MAIL_FROM"))

    def google() -> Google:
        delegation = secret_at("GOOGLE_DELEGATION_SECRET") if env.get("GOOGLE_DELEGATION_SECRET") else ("", "")
        if not env.get("GOOGLE_CLIENT_ID"):
            return Google(delegation=delegation)
        secret, back = secret_at("GOOGLE_CLIENT_SECRET"), need("GOOGLE_REDIRECT_URL")
        return Google(env["GOOGLE_CLIENT_ID"], secret, back, env.get("GOOGLE_DONE_URL", ""), delegation)

    def delegation_domains() -> dict[str, str]:
        """school=domain, …"""
        pairs = [part.partition("=") for part in words("GOOGLE_DELEGATION_DOMAINS")]
        if not all(school and "." in domain for school, _, domain in pairs):
            raise Misconfigured("config.unreadable", variable="GOOGLE_DELEGATION_DOMAINS")
        return {school: domain.lower() for school, _, domain in pairs}

    place = WebUntisPlace()
    return Config(
        project=need("GOOGLE_CLOUD_PROJECT"),
        region=env.get("REGION") or "europe-west4",
        database=env.get("FIRESTORE_DATABASE") or "(default)",
        firestore_emulator=env.get("FIRESTORE_EMULATOR_HOST", ""),
        people=Issuer(
            (need("OIDC_ISSUER"),),
            need("OIDC_AUDIENCE"),
            need("OIDC_JWKS_URL"),
            env.get("OIDC_USER_CLAIM") or "sub",
            env.get("OIDC_SCHOOL_CLAIM") or "school",
            env.get("OIDC_ROLES_CLAIM") or "roles",
        ),
        machines=Issuer(GOOGLE_ISSUERS, need("MACHINE_AUDIENCE"), env.get("MACHINE_JWKS_URL") or GOOGLE_KEYS),
        machine_emails=frozenset(words("MACHINE_EMAILS")),
        webuntis=WebUntisPlace(
            env.get("WEBUNTIS_API") or place.api,
            env.get("WEBUNTIS_SCHOOL_SEARCH") or place.school_search,
            env.get("WEBUNTIS_HOST_PATTERN") or place.host_pattern,
            env.get("WEBUNTIS_CLIENT_ID", ""),
        ),
        rules=Rules(
            Limits(number("HOLD_LOST_SHARE", 0.10), number("HOLD_SHRINK_SHARE", 0.10), int(number("HOLD_FEW", 5))),
            Keep(
                timedelta(days=number("KEEP_RUNS_DAYS", 395)),
                timedelta(days=number("KEEP_LOGS_DAYS", 90)),
                timedelta(days=number("KEEP_AUDIT_DAYS", 365)),
                timedelta(days=number("KEEP_SECRETS_DAYS", 30)),
                timedelta(days=number("KEEP_WEEKS_DAYS", 100)),
            ),
            Freshness(
                near=timedelta(minutes=number("TIMETABLE_MINUTES", 60)),
                remembered=timedelta(seconds=number("TIMETABLE_MEMORY_SECONDS", 2)),
            ),
            timedelta(minutes=number("TICK_MINUTES", 30)),
            delegation_domains() if env.get("GOOGLE_DELEGATION_SECRET") else {},
        ),
        cors_origins=words("CORS_ORIGINS"),
        reach_loopback=env.get("REACH_LOOPBACK", "") == "yes",
        mail=mail_server(),
        google=google(),
        webhook_keys=words("WEBUNTIS_WEBHOOK_KEY"),
    )

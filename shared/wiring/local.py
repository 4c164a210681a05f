"""The local composition: SQLite, a secrets file, a queue in the process, and simulators on loopback ports.

The adapters to the vendors are the real ones, and so is the code that verifies tokens. What `folder` holds stays, so a
second start goes on with the same data.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from shared.adapters.classroom.place import Place
from shared.adapters.http.address import PublicAndLoopback
from shared.adapters.http.door import Door
from shared.adapters.inline_queue import InlineQueue
from shared.adapters.mail import FolderMail
from shared.adapters.secret_file import SecretFile
from shared.adapters.sqlite import SqliteStore
from shared.adapters.webhook import DoorWebhook
from shared.config import Config, Google, Issuer, WebUntisPlace
from shared.domain.rules import Rules
from shared.ports import App
from shared.simulators.classroom import ClassroomSimulator
from shared.simulators.identity import IdentitySimulator
from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.webuntis import WebUntisSimulator
from shared.values import dataclass
from shared.wiring import (
    classrooms,
    consent_desk,
    gradebooks,
    machines,
    new_id,
    people,
    rosters,
    signatures,
    timetables,
    utc_now,
)

AUDIENCE = "profijt-koppelingen"
CLIENT_ID = "profijt"


@dataclass(frozen=True, slots=True)
class Local:
    """A running composition. `untis` is None when the settings point at a WebUntis elsewhere."""

    app: App
    config: Config
    queue: InlineQueue
    identity: IdentitySimulator
    untis: WebUntisSimulator | None
    sis: OneRosterSimulator
    classroom: ClassroomSimulator


@contextmanager
def local(
    folder: Path,
    *,
    untis_port: int = 0,
    identity_port: int = 0,
    sis_port: int = 0,
    classroom_port: int = 0,
    api: str = "http://127.0.0.1:8080",
    webuntis: WebUntisPlace | None = None,
    rules: Rules | None = None,
) -> Iterator[Local]:
    """Everything on loopback until the block ends. `webuntis`: a WebUntis elsewhere instead of the simulator; `api`:
    where this service itself answers, for whoever comes back from Google."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        identity = IdentitySimulator(port=identity_port, audience=AUDIENCE, keys=folder / "keys.json")
        stack.enter_context(identity)
        untis = None if webuntis else stack.enter_context(WebUntisSimulator(port=untis_port))
        sis = stack.enter_context(OneRosterSimulator(port=sis_port))
        classroom = stack.enter_context(ClassroomSimulator(port=classroom_port))
        place = webuntis or _at(untis)
        config = Config(
            project="local",
            database=str(folder / "store.db"),
            region="local",
            firestore_emulator="",
            people=Issuer((identity.issuer,), AUDIENCE, identity.jwks_url),
            machines=Issuer((identity.machine_issuer,), AUDIENCE, identity.machine_jwks_url),
            machine_emails=frozenset({identity.machine_email}),
            webuntis=place,
            rules=rules or Rules(),
            reach_loopback=True,
            google=Google(classroom.oauth.client_id, ("google-client", "1"), f"{api}/v1/google/callback"),
        )
        classroom.oauth.redirects.add(config.google.redirect_url)
        rule = PublicAndLoopback()
        door = Door(rule)
        secrets = SecretFile(folder / "secrets.json")
        if not secrets.versions("google-client"):
            secrets.add("google-client", classroom.oauth.client_secret)
        google = _google_at(classroom)
        queue = InlineQueue(workers=2, attempts=5, backoff=1.0)
        stack.callback(queue.stop, 10.0)
        app = App(
            store=SqliteStore(folder / "store.db"),
            secrets=secrets,
            queue=queue,
            roster=rosters(door, config.webuntis),
            timetable=timetables(door, config.webuntis),
            gradebook=gradebooks(door),
            classroom=classrooms(door, config.google, secrets, google),
            consent=consent_desk(door, config.google, secrets, google),
            identity=people(door, config.people),
            machines=machines(door, config.machines, config.machine_emails),
            signed=signatures(lambda: (untis.platform.public_pem,) if untis else ()),
            mail=FolderMail(folder / "mail"),
            webhook=DoorWebhook(door, rule),
            client_id=config.webuntis.client_id,
            rules=config.rules,
            now=utc_now,
            new_id=new_id,
        )
        yield Local(app, config, queue, identity, untis, sis, classroom)


def _google_at(classroom: ClassroomSimulator) -> Place:
    url = classroom.url
    return Place(url, f"{url}/o/oauth2/v2/auth", f"{url}/token", f"{url}/revoke")


def _at(untis: WebUntisSimulator | None) -> WebUntisPlace:
    assert untis
    return replace(
        WebUntisPlace(),
        api=untis.url,
        school_search=f"{untis.url}/schoolquery2",
        host_pattern=untis.url,
        client_id=CLIENT_ID,
    )

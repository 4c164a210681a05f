"""The local composition: SQLite, a secrets file, a queue in the process, and simulators on loopback ports.

The adapters to the vendors are the real ones, and so is the code that verifies tokens. What `folder` holds stays, so a
second start goes on with the same data.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from shared.adapters.http.address import PublicAndLoopback
from shared.adapters.http.door import Door
from shared.adapters.inline_queue import InlineQueue
from shared.adapters.mail import FolderMail
from shared.adapters.secret_file import SecretFile
from shared.adapters.sqlite import SqliteStore
from shared.adapters.webhook import DoorWebhook
from shared.config import Config, Issuer, WebUntisPlace
from shared.domain.rules import Rules
from shared.ports import App
from shared.simulators.identity import IdentitySimulator
from shared.simulators.webuntis import WebUntisSimulator
from shared.wiring import machines, new_id, people, rosters, signatures, timetables, utc_now

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


@contextmanager
def local(
    folder: Path,
    *,
    untis_port: int = 0,
    identity_port: int = 0,
    webuntis: WebUntisPlace | None = None,
    rules: Rules | None = None,
) -> Iterator[Local]:
    """Everything on loopback until the block ends. `webuntis`: a WebUntis elsewhere instead of the simulator."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        identity = IdentitySimulator(port=identity_port, audience=AUDIENCE, keys=folder / "keys.json")
        stack.enter_context(identity)
        untis = None if webuntis else stack.enter_context(WebUntisSimulator(port=untis_port))
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
        )
        rule = PublicAndLoopback()
        door = Door(rule)
        queue = InlineQueue(workers=2, attempts=5, backoff=1.0)
        stack.callback(queue.stop, 10.0)
        app = App(
            store=SqliteStore(folder / "store.db"),
            secrets=SecretFile(folder / "secrets.json"),
            queue=queue,
            roster=rosters(door, config.webuntis),
            timetable=timetables(door, config.webuntis),
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
        yield Local(app, config, queue, identity, untis)


def _at(untis: WebUntisSimulator | None) -> WebUntisPlace:
    assert untis
    return replace(
        WebUntisPlace(),
        api=untis.url,
        school_search=f"{untis.url}/schoolquery2",
        host_pattern=untis.url,
        client_id=CLIENT_ID,
    )

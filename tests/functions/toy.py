"""A small school's API behind the real door, store and token check: what the tests of the edge knock on."""

import dataclasses
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import flask
import msgspec
from werkzeug.test import TestResponse

from functions import etag
from functions.edge import serve
from functions.route import CSV, JSON, PUBLIC, Answer, Asked, Page, Paging, Route
from shared.adapters.oidc import MachineIdentity, OidcIdentity
from shared.adapters.sqlite import SqliteStore
from shared.ports import App, Write
from tests.adapters.issuer import AUDIENCE, ISSUER, Clock, Net, claims, key_set, signed

SCHEDULER = "scheduler@profijt.iam.gserviceaccount.com"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "GEHEIM"]


class Sort(StrEnum):
    NAME = "naam"
    YEAR = "leerjaar"


class Pupil(msgspec.Struct, forbid_unknown_fields=True):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=20, examples=["p-1"])]
    voornaam: Annotated[str, msgspec.Meta(max_length=100, examples=["Fatima"])]
    nummer: Annotated[str, msgspec.Meta(pattern=r"^[0-9]*$")] = ""
    leerjaar: Annotated[int, msgspec.Meta(ge=1, le=6)] = 1
    sort: Sort = Sort.NAME


class Upload(msgspec.Struct, forbid_unknown_fields=True):
    pupils: Annotated[list[Pupil], msgspec.Meta(max_length=3)]
    notes: dict[str, int] = {}


class Setting(msgspec.Struct, forbid_unknown_fields=True):
    colour: str


class PupilQuery(Paging, frozen=True, forbid_unknown_fields=True):
    sort: Sort | None = None
    follows: bool = False


class RunQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    dry: bool = False


class Seen(msgspec.Struct):
    """What a handler was given, so that a test can look at it."""

    user: str
    school: str
    roles: list[str]
    media: str
    size: int
    language: str
    limit: int = 0


def _seen(asked: Asked, limit: int = 0) -> Seen:
    roles = sorted(asked.caller.roles)
    return Seen(asked.caller.user, asked.school, roles, asked.media, len(asked.raw), asked.language, limit)


def pupils(app: App, asked: Asked) -> Answer:
    last = asked.query.limit + int(asked.query.cursor or 0)
    items = [Pupil(f"p-{number}", "Fatima") for number in range(last - asked.query.limit, last)]
    return Answer(Page(items=items, next=str(last) if last < 100 else None))


def upload(app: App, asked: Asked) -> Answer:
    return Answer(_seen(asked))


def me(app: App, asked: Asked) -> Answer:
    return Answer(_seen(asked))


def read_setting(app: App, asked: Asked) -> Answer:
    found = app.store.get(f"schools/{asked.school}")
    return Answer(Setting(found.data["colour"] if found else "grijs"), etag=found.version if found else "nieuw")


def save_setting(app: App, asked: Asked) -> Answer:
    path = f"schools/{asked.school}"
    found = app.store.get(path)
    etag.require_match(asked, found.version if found else "")
    [version] = app.store.commit(
        [Write(path, {"colour": asked.body.colour}, expect=found.version if found else "absent")]
    )
    return Answer(None, etag=version)


def sheet(app: App, asked: Asked) -> Answer:
    return Answer(b"naam;nummer\r\nFatima;067\r\n", media=CSV)


class House:
    """The toy app: `raises` is raised by POST /trouble, `act` is done by POST /runs."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.net = Net(keys=key_set(), google=key_set())
        self.store = SqliteStore(folder / "toy.sqlite")
        self.raises: Exception = RuntimeError()
        self.act: Callable[[Asked], Answer] = lambda asked: Answer({"run": self.done}, status=202)
        self.done = 0
        given = {
            "store": self.store,
            "identity": OidcIdentity(
                issuer=ISSUER, audience=AUDIENCE, jwks_url="keys", fetch=self.net, now=self.clock
            ),
            "machines": MachineIdentity(
                issuers=frozenset({"accounts.google.com"}), audience=AUDIENCE, emails=frozenset({SCHEDULER}),
                jwks_url="google", fetch=self.net, now=self.clock,
            ),
            "now": self.clock,
            "new_id": lambda: "id-1",
        }  # fmt: skip
        # The door uses no other port: whatever else App has is not there at all.
        self.app = App(**{each.name: given.get(each.name) for each in dataclasses.fields(App)})

    def start_run(self, app: App, asked: Asked) -> Answer:
        self.done += 1
        return self.act(asked)

    def trouble(self, app: App, asked: Asked) -> Answer:
        raise self.raises

    def routes(self) -> Sequence[Route]:
        school = "/v1/schools/{school}"
        admin, staff = frozenset({"admin"}), frozenset({"admin", "teacher", "support"})
        return (
            Route(
                "GET",
                f"{school}/pupils",
                pupils,
                roles=staff,
                summary="Leerlingen",
                query=PupilQuery,
                answer=Page[Pupil],
            ),
            Route(
                "PUT",
                f"{school}/pupils",
                upload,
                roles=frozenset({"admin", "service"}),
                summary="Leerlingen opslaan",
                body=Upload,
                body_media=(JSON, CSV),
                answer=Seen,
                body_limit=10_000,
            ),
            Route("GET", f"{school}/pupils/me", me, roles=staff | {"student"}, summary="Ik", answer=Seen),
            Route("GET", f"{school}/pupils/{{pupil}}", me, roles=staff, summary="Een leerling", answer=Seen),
            Route(
                "GET",
                f"{school}/pupils/{{pupil}}.csv",
                sheet,
                roles=staff,
                summary="Als blad",
                answer=bytes,
                answer_media=(CSV,),
            ),
            Route(
                "DELETE",
                f"{school}/pupils/{{pupil}}",
                lambda app, asked: Answer(None),
                roles=admin,
                summary="Weg",
                answer=None,
            ),
            Route("GET", f"{school}/setting", read_setting, roles=admin, summary="Instelling", answer=Setting),
            Route(
                "PUT",
                f"{school}/setting",
                save_setting,
                roles=admin,
                summary="Instelling opslaan",
                body=Setting,
                answer=None,
                problems=("request.stale", "request.match_required"),
            ),
            Route(
                "POST",
                f"{school}/runs",
                self.start_run,
                roles=admin,
                summary="Nu synchroniseren",
                answer=dict[str, int],
                status=202,
                idempotent=True,
                query=RunQuery,
            ),
            Route("POST", f"{school}/trouble", self.trouble, roles=admin, summary="Gaat mis", answer=None),
            Route("GET", "/v1/partners", me, roles=frozenset({"admin", "student"}), summary="Partners", answer=Seen),
            Route("POST", "/v1/tick", me, roles=frozenset({"service"}), summary="Klok", answer=Seen),
            Route(
                "GET", "/v1/feeds/{token}.ics", sheet, roles=PUBLIC, summary="Agenda", answer=bytes, answer_media=(CSV,)
            ),
        )

    def function(self, **settings: Any) -> Callable[[flask.Request], flask.Response]:
        return serve(self.routes(), lambda: self.app, **settings)

    def client(self, **settings: Any) -> "Client":
        return Client(self.function(**settings))


class Client:
    """Knocks on the door as functions-framework does; Els, admin of school dalton, unless told otherwise."""

    def __init__(self, function: Callable[[flask.Request], flask.Response]) -> None:
        self.function = function
        app = flask.Flask("toy")
        view = lambda **path: function(flask.request._get_current_object())  # noqa: E731
        app.add_url_rule("/", "root", view, methods=METHODS)
        app.add_url_rule("/<path:path>", "path", view, methods=METHODS)
        self._flask = app.test_client()

    def ask(self, method: str, path: str, *, token: str | None = "", **more: Any) -> TestResponse:
        headers = dict(more.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token or els()}"
        return self._flask.open(path, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> TestResponse:
        return self.ask("POST", path, **more)

    def put(self, path: str, **more: Any) -> TestResponse:
        return self.ask("PUT", path, **more)


_tokens: dict[str, str] = {}


def els(**changed: Any) -> str:
    """A token of Els, signed once per kind of Els."""
    name = repr(sorted(changed.items()))
    if name not in _tokens:
        _tokens[name] = signed(claims(**changed))
    return _tokens[name]


def machine() -> str:
    return els(iss="accounts.google.com", email=SCHEDULER, email_verified=True, school=..., roles=...)


def problem_of(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document, after everything that holds for all of them."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    told = msgspec.json.decode(answer.data)
    assert set(told) == {
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "owner",
        "remedy",
        "errors",
        "trace_id",
    }
    assert (told["status"], told["code"], told["type"]) == (status, code, f"/v1/problems/{code}")
    assert answer.headers["Content-Language"] in ("nl", "en")
    assert answer.headers["Cache-Control"] == "no-store"
    return told

"""Every problem is a document a school understands, in both languages, and shows nothing of our inside."""

import re
import string
from pathlib import Path

import pytest

from functions import problem
from functions.asking import Marks, language
from functions.edge import serve
from functions.problem import BY_CLASS, BY_CODE, TITLES, document, status_of
from shared import errors
from shared.domain.causes import CAUSES
from shared.errors import (
    Conflict,
    Fault,
    Invalid,
    Misconfigured,
    NotAllowed,
    NotAuthorized,
    NotFound,
    ProfijtError,
    Rejected,
    Throttled,
    Unauthenticated,
    Unreachable,
    UnsafePlan,
)
from shared.ports import App
from tests.functions.toy import Client, House, problem_of

TROUBLE = "/v1/schools/dalton/trouble"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def client(house: House) -> Client:
    return house.client()


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def _count(sentences: str) -> int:
    return sum(name is not None for _, name, _, _ in string.Formatter().parse(sentences))


# ---------------------------------------------------------------- the table of causes


@pytest.mark.parametrize("code", sorted(CAUSES))
def test_every_code_speaks_two_languages_and_has_a_remedy(code: str) -> None:
    cause = CAUSES[code]
    assert re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", code)
    assert blanks(cause.nl) == blanks(cause.en)
    facts = dict.fromkeys(blanks(cause.nl + cause.en + cause.remedy_nl + cause.remedy_en), "vulling")
    assert all(name.isidentifier() for name in facts)
    for tongue in ("nl", "en"):
        told = document(ProfijtError(code, **facts), Marks("r-1", "", "", tongue), status=500, docs="https://x/")
        filled = told["detail"] + told["remedy"]
        assert filled.count("vulling") == _count(
            cause.nl + cause.remedy_nl if tongue == "nl" else cause.en + cause.remedy_en
        )
        assert min(len(told["title"]), len(told["detail"]), len(told["remedy"])) > 5
        assert told["detail"].endswith((".", "!", "?", ":"))
        assert (told["code"], told["owner"]) == (code, cause.owner.value)
    assert cause.nl != cause.en
    assert cause.remedy_nl != cause.remedy_en


def test_every_code_the_door_can_raise_has_a_cause() -> None:
    root = Path(__file__).parent.parent.parent
    files = [*(root / "functions").glob("*.py"), root / "shared/adapters/oidc.py", root / "shared/adapters/jwks.py"]
    raised = {
        code
        for file in files
        for code in re.findall(r'"((?:request|token|identity|service)\.[a-z_0-9]+)"', file.read_text())
    }
    assert raised - CAUSES.keys() == set()
    assert len(raised) > 40


def test_every_code_of_the_door_is_used() -> None:
    root = Path(__file__).parent.parent.parent
    text = "".join(
        file.read_text()
        for folder in ("functions", "shared/adapters", "shared/flows")
        for file in (root / folder).rglob("*.py")
    )
    mine = {code for code in CAUSES if code.split(".")[0] in ("request", "token", "identity", "service")}
    assert {code for code in mine if f'"{code}"' not in text} == set()


# ---------------------------------------------------------------- status codes


def test_every_class_of_error_has_a_status_and_every_status_a_title() -> None:
    classes = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, ProfijtError)}
    assert set(BY_CLASS) == classes
    assert {*BY_CLASS.values(), *BY_CODE.values()} == set(TITLES)
    assert all(nl and en and nl != en for nl, en in TITLES.values())
    assert set(BY_CODE) <= set(CAUSES)


STATUSES = [
    (Invalid("users.id"), 422),
    (Invalid("request.json_malformed"), 400),
    (Unauthenticated("token.expired"), 401),
    (NotAllowed("settings.locked"), 403),
    (NotFound("school.unknown"), 404),
    (Conflict("run.busy"), 409),
    (UnsafePlan("hold.links_lost"), 409),
    (Throttled("http.throttled", service="webuntis", retry_after=None), 503),
    (Throttled("request.too_many", service="profijt", retry_after=7), 429),
    (Unreachable("http.connect", service="webuntis"), 503),
    (NotAuthorized("webuntis.login_refused", service="webuntis"), 502),
    (Rejected("http.html", service="webuntis"), 502),
    (Misconfigured("store.missing"), 500),
    (ZeroDivisionError(), 500),
]


@pytest.mark.parametrize(("error", "status"), STATUSES, ids=lambda each: getattr(each, "code", None) or str(each))
def test_each_kind_of_error_has_its_status(house: House, client: Client, error: Exception, status: int) -> None:
    house.raises = error
    told = problem_of(client.post(TROUBLE), status, getattr(error, "code", "service.failed"))
    assert (told["title"], told["errors"]) == (TITLES[status][0], [])


@pytest.mark.parametrize(("after", "told"), [(None, "30"), (0, "0"), (0.2, "1"), (90, "90"), (-5, "0")])
def test_patience_is_asked_for_in_whole_seconds(house: House, client: Client, after: float | None, told: str) -> None:
    house.raises = Throttled("http.throttled", service="webuntis", retry_after=after)
    assert client.post(TROUBLE).headers["Retry-After"] == told
    house.raises = Unreachable("http.connect", service="webuntis")
    assert client.post(TROUBLE).headers["Retry-After"] == "30"


def test_faults_of_a_handler_are_told_one_by_one_in_the_language_asked_for(house: House, client: Client) -> None:
    faults = (
        Fault("/users/3/nummer", "request.field_missing", (("field", "nummer"),)),
        Fault("?week", "request.field_form"),
    )
    house.raises = Invalid("request.body_invalid", faults)
    told = problem_of(client.post(TROUBLE, headers={"Accept-Language": "en"}), 422, "request.body_invalid")
    assert told["errors"] == [
        {"pointer": "/users/3/nummer", "code": "request.field_missing", "detail": "The field nummer is missing."},
        {"parameter": "week", "code": "request.field_form", "detail": "This does not have the right form."},
    ]


def test_an_exception_that_is_not_ours_shows_nothing_of_itself(house: House, client: Client) -> None:
    house.raises = ValueError("Fatima Jansen 123456782")
    answer = client.post(TROUBLE)
    problem_of(answer, 500, "service.failed")
    for word in ("Fatima", "ValueError", "Traceback", "toy.py", "123456782"):
        assert word not in answer.text


def test_a_code_that_nobody_described_is_still_a_document(house: House, client: Client) -> None:
    house.raises = Conflict("nobody.knows")
    problem_of(client.post(TROUBLE), 409, "service.failed")


def test_an_app_that_cannot_be_made_is_told_as_a_problem(house: House) -> None:
    def broken() -> App:
        raise Misconfigured("store.missing")

    problem_of(Client(serve(house.routes(), broken)).get("/v1/partners"), 500, "store.missing")


def test_the_trace_of_the_platform_is_the_reference_and_else_our_own(client: Client) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    for name, value in (
        ("X-Cloud-Trace-Context", f"{trace}/12;o=1"),
        ("traceparent", f"00-{trace}-00f067aa0ba902b7-01"),
    ):
        assert client.get("/v1/x", headers={name: value}).json["trace_id"] == trace
    answer = client.get("/v1/x", headers={"X-Cloud-Trace-Context": "geheim"})
    assert answer.json["trace_id"] == answer.headers["X-Request-Id"]


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "nl"), ("nl", "nl"), ("en", "en"), ("en-GB", "en"), ("EN-us;q=0.3", "en"), ("nl-BE,en;q=0.9", "nl"),
        ("en, nl", "en"), ("nl, en", "nl"), ("nl;q=0.5, en;q=0.6", "en"), ("de, fr", "nl"), ("de, en;q=0.1", "en"),
        ("en;q=0", "nl"), ("*", "nl"), ("en;q=2", "nl"), ("english", "nl"), ("xx" * 500, "nl"), (";;,,=", "nl"),
        ("nl;q=0, en;q=0.1", "en"), ("en ; q=0.4 , nl ; q=0.2", "en"),
    ],
)  # fmt: skip
def test_the_language_wanted_most_is_spoken_and_dutch_otherwise(header: str, expected: str) -> None:
    assert language(header) == expected


def test_both_languages_say_the_same_with_other_words(client: Client) -> None:
    dutch = problem_of(client.get("/v1/x"), 404, "request.path_unknown")
    answer = client.get("/v1/x", headers={"Accept-Language": "en"})
    english = problem_of(answer, 404, "request.path_unknown")
    assert (dutch["detail"], english["detail"]) == ("Dit adres bestaat niet.", "This address does not exist.")
    assert (answer.headers["Content-Language"], dutch["title"], english["title"]) == (
        "en",
        "Niet gevonden",
        "Not found",
    )


# ---------------------------------------------------------------- the pages about problems


def test_the_type_of_a_problem_leads_to_a_page_about_it(client: Client) -> None:
    told = client.get("/v1/x").json
    page = client.get(told["type"], token=None)
    assert (page.status_code, page.json["code"]) == (200, "request.path_unknown")
    assert page.json["nl"] == {"detail": told["detail"], "remedy": told["remedy"]}
    problem_of(client.get("/v1/problems/no.such"), 404, "request.not_found")


def test_a_page_shows_what_is_filled_in_when_it_happens(client: Client) -> None:
    assert "{limit} bytes" in client.get("/v1/problems/request.too_large").json["en"]["detail"]


def test_the_list_of_problems_holds_every_code(client: Client) -> None:
    assert [each["code"] for each in client.get("/v1/problems", token=None).json["items"]] == sorted(CAUSES)


def test_the_type_can_point_to_a_site_of_documentation(house: House) -> None:
    answer = house.client(docs="https://docs.profijt.example/").get("/v1/x")
    assert answer.json["type"] == "https://docs.profijt.example/request.path_unknown"


def test_the_status_of_an_error_does_not_need_a_request() -> None:
    assert status_of(Conflict("store.conflict")) == 409
    assert problem.headers(Invalid("users.id"), 422) == {}

"""Rows, errors and pages as servers in the wild spell them, read the same way."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.http import Answer
from shared.adapters.oneroster import wire
from shared.adapters.oneroster.paging import Page, next_page, stated_total, whole_list
from shared.adapters.oneroster.refusal import refusal, told
from shared.domain.causes import CAUSES
from shared.domain.gradebook import GradingPeriod, item_differences
from shared.errors import NotAuthorized, RemoteError, Throttled, Unreachable
from shared.gradebook_port import SisRejected
from tests.sis_school import ITEM, RESULT

FLAT = {
    "imsx_codeMajor": "failure",
    "imsx_severity": "error",
    "imsx_description": "text",
    "imsx_CodeMinor": {
        "imsx_codeMinorField": [
            {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": "fullsuccess"},
            {"imsx_codeMinorFieldName": "Database", "imsx_codeMinorFieldValue": "unknownobject"},
        ]
    },
}
INSIDE = {"imsx_codeMajor": "failure", "imsx_severity": "error", "imsx_description": "text"}


@pytest.mark.parametrize(
    ("body", "minor", "said"),
    [
        (FLAT, "unknownobject", "text"),
        ({"statusInfoSet": [INSIDE | {"imsx_codeMinor": "invalid_data"}]}, "invaliddata", "text"),
        ({"statusInfoSet": INSIDE | {"imsx_codeMinor": "Invalid Data"}, "results": []}, "invaliddata", "text"),
        ({"imsx_StatusInfo": FLAT}, "unknownobject", "text"),
        ({"error": "invalid_client", "error_description": "wie?"}, "invalidclient", "wie?"),
        ({"message": "PutResult: LineItemHasGradingScale"}, "", "PutResult: LineItemHasGradingScale"),
        ({"statusInfoSet": [{"imsx_codeMajor": "success"}, INSIDE]}, "", "text"),
        (INSIDE | {"imsx_CodeMinor": None, "imsx_description": None}, "", ""),
        (INSIDE | {"imsx_CodeMinor": {"imsx_codeMinorField": "x"}}, "", "text"),
    ],
    ids=str,
)
def test_a_failure_is_read_in_every_shape_in_use(body: dict, minor: str, said: str) -> None:
    found = told(body)
    assert (found.failed, found.minor, found.said) == (True, minor, said)


@pytest.mark.parametrize(
    "body", [{"error": "Student Jan de Vries not enrolled"}, INSIDE | {"imsx_codeMinor": "JanDeVries"}]
)
def test_a_code_that_no_standard_knows_never_gets_among_the_facts(body: dict) -> None:
    err = refusal(Answer("sis", "sis.example", 400, {}, json.dumps(body).encode()), "results")
    assert (told(body).minor, "minor" in err.facts) == ("", False)
    assert "vries" not in str(err).lower()


def test_a_bare_message_is_politeness_in_a_2xx_and_a_reason_in_a_refusal() -> None:
    assert not told({"message": "Created"}, ok=True).failed
    assert told({"message": "Created"}).failed
    assert told({"error": "x", "message": "y"}, ok=True).failed


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "",
        {},
        {"results": []},
        {"statusInfoSet": []},
        {"error": None, "users": []},
        {"imsx_codeMajor": "success", "imsx_severity": "status"},
        {"lineItem": {"sourcedId": "1", "error": "in a row this is data"}},
    ],
    ids=str,
)
def test_data_and_success_are_no_failure(body: object) -> None:
    assert not told(body).failed


def test_the_words_of_a_sis_are_cut_and_put_on_one_line() -> None:
    assert told(INSIDE | {"imsx_description": "a\r\nb" + "x" * 500}).said == "a b" + "x" * 297


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, FLAT, SisRejected, "oneroster.refused"),
        (401, {}, NotAuthorized, "oneroster.credentials_refused"),
        (403, {}, NotAuthorized, "oneroster.right_missing"),
        (403, INSIDE | {"imsx_codeMinor": "server_busy"}, Throttled, "http.throttled"),
        (404, {}, SisRejected, "oneroster.not_there"),
        (405, {}, SisRejected, "oneroster.not_supported"),
        (400, INSIDE | {"imsx_codeMinor": "unsupportedoperation"}, SisRejected, "oneroster.not_supported"),
        (422, {}, SisRejected, "oneroster.refused"),
        (429, {}, Throttled, "http.throttled"),
        (500, {}, Unreachable, "http.server_error"),
        (501, {}, SisRejected, "oneroster.not_supported"),
        (503, {}, Unreachable, "http.server_error"),
    ],
    ids=str,
)
def test_a_status_means_one_of_our_errors_and_each_has_a_cause(
    status: int, body: dict, kind: type[RemoteError], code: str
) -> None:
    err = refusal(Answer("sis", "sis.example", status, {}, json.dumps(body).encode()), "results")
    assert type(err) is kind
    assert err.code == code
    assert "?" not in CAUSES[code].sentence("nl", err.facts)


def test_every_code_of_the_adapter_has_a_cause_and_every_cause_is_raised() -> None:
    root = Path(__file__).parent.parent.parent / "shared"
    files = [*root.glob("adapters/oneroster/*.py"), root / "gradebook_port.py"]
    raised = {code for file in files for code in re.findall(r'"(oneroster\.[a-z_]+)"', file.read_text())}
    assert raised == {code for code in CAUSES if code.startswith("oneroster.")}


# ------------------------------------------------------------ rows


def test_a_full_item_and_result_are_read_as_they_stand() -> None:
    base = "https://sis.example/ims/oneroster/v1p1"

    def ref(endpoint: str, id: str) -> dict:
        return {"href": f"{base}/{endpoint}/{id}", "sourcedId": id, "type": "x"}

    item = {
        "sourcedId": ITEM.id,
        "title": ITEM.title,
        "description": ITEM.description,
        "assignDate": "2026-11-16T07:00:00.000Z",
        "dueDate": "2026-11-20T23:59:00+01:00",
        "class": ref("classes", "3a-wi"),
        "category": ref("categories", "toets"),
        "gradingPeriod": ref("gradingPeriods", "p2"),
        "school": ref("orgs", "baken"),
        "resultValueMin": "1.0",
        "resultValueMax": 10,
    }
    result = {
        "sourcedId": "9c41",
        "lineItem": ref("lineItems", ITEM.id),
        "student": ref("users", "s1"),
        "scoreStatus": "fullyGraded",
        "score": "7.5",
        "scoreDate": "2026-11-21T00:00:00Z",
        "comment": None,
    }
    assert wire.line_item(item) == ITEM
    assert wire.result(result) == RESULT


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0.0), ("0", 0.0), ("", None), (None, None), (True, None), ("7,5", None), ("NaN", None), ("1e309", None)],
)
def test_zero_is_a_score_and_what_is_no_number_is_none(value: object, expected: float | None) -> None:
    assert wire.number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-20T22:59:00Z", datetime(2026, 11, 20, 22, 59, tzinfo=UTC)),
        ("2026-11-20T23:59:00.000+01:00", datetime(2026, 11, 20, 22, 59, tzinfo=UTC)),
        ("2026-11-20T22:59:00", datetime(2026, 11, 20, 22, 59, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("gisteren", None),
        (20261120, None),
    ],
)
def test_a_time_is_read_with_and_without_its_offset(value: object, expected: datetime | None) -> None:
    assert wire.moment(value) == expected


def test_a_term_is_no_grading_period_and_neither_is_one_without_days() -> None:
    row = {"sourcedId": "p1", "title": "P1", "startDate": "2026-08-17", "endDate": "2026-11-20T00:00:00Z"}
    period = GradingPeriod("p1", "P1", date(2026, 8, 17), date(2026, 11, 20))
    assert wire.grading_period(row | {"type": "gradingPeriod"}) == period
    assert period.holds(date(2026, 11, 20))
    assert wire.grading_period(row | {"type": "term"}) is None
    assert wire.grading_period(row | {"type": "gradingPeriod", "endDate": ""}) is None


@pytest.mark.parametrize("body", [{}, {"users": None}, {"users": {}}, {"users": [1]}, None, "x"], ids=str)
def test_no_list_is_not_an_empty_list(body: object) -> None:
    with pytest.raises(SisRejected, match=r"oneroster\.unexpected_shape"):
        wire.rows_in(body, "teachers")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"sourcedIdPairs": [{"suppliedSourcedId": "a", "allocatedSourcedId": "b"}]}, "b"),
        ({"sourcedIdPairs": [{"suppliedSourcedId": "z", "allocatedSourcedId": "b"}]}, "a"),
        ({"sourcedIdPair": {"suppliedSourcedId": "a", "allocatedSourcedId": "b"}}, "b"),
        ({"lineItem": {"sourcedId": "b"}}, "b"),
        ({"lineItem": {"sourcedId": "b" * 256}}, "a"),
        ({"lineItem": None}, "a"),
        (None, "a"),
        ([], "a"),
    ],
    ids=str,
)
def test_another_id_is_read_from_wherever_the_answer_names_it(body: object, expected: str) -> None:
    assert wire.allocated(body, "lineItem", "a") == expected


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = st.one_of(
    st.sampled_from(["sourcedId", "status", "title", "class", "dueDate", "score", "scoreStatus", "scoreDate"]),
    st.sampled_from(["student", "terms", "type", "startDate", "endDate", "weight", "metadata", "lineItem"]),
)


@given(st.dictionaries(_FIELDS, _JSON))
def test_no_row_whatever_it_holds_breaks_the_reading(row: dict) -> None:
    for read in (wire.org, wire.teacher, wire.student, wire.school_class, wire.category, wire.line_item, wire.result):
        read(row)
    wire.grading_period(row)
    wire.living([row])


def test_what_was_not_asked_for_cannot_differ_and_what_was_can() -> None:
    assert item_differences(replace(ITEM, description="", category=""), ITEM) == ()
    assert item_differences(ITEM, replace(ITEM, maximum=100.0, title="x")) == ("title", "maximum")


# ------------------------------------------------------------ pages


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<https://sis.example/a?offset=2>; rel="next"', "https://sis.example/a?offset=2"),
        ('<https://sis.example/a>; rel="first", </a?x=1,2>; rel=next', "https://sis.example/a?x=1,2"),
        ('<?offset=2>;title="x"; rel="next last"', "https://sis.example/a?offset=2"),
        ('<http://sis.example/a?offset=2>; rel="next"', ""),
        ('<https://elders.example/a?offset=2>; rel="next"', ""),
        ('<https://sis.example:8443/a>; rel="next"', ""),
        ('<https://sis.example/a>; rel="prev"', ""),
        ("", ""),
    ],
)
def test_the_next_page_is_the_one_with_that_relation_at_the_same_place(link: str, expected: str) -> None:
    assert next_page(link, "https://sis.example/a") == expected


@pytest.mark.parametrize(("header", "expected"), [("12", 12), (" 0 ", 0), ("", None), ("-1", None), ("veel", None)])
def test_a_total_is_a_number_or_nothing(header: str, expected: int | None) -> None:
    assert stated_total(header) == expected


@given(st.integers(0, 40), st.integers(1, 7), st.booleans(), st.booleans())
def test_a_list_is_whole_whatever_the_pages_are(size: int, cap: int, links: bool, totals: bool) -> None:
    rows = [{"sourcedId": str(number)} for number in range(size)]

    def fetch(url: str) -> Page:
        start = int(url)
        onwards = str(start + cap) if links and start + cap < size else ""
        return Page(rows[start : start + cap], onwards, size if totals else None)

    assert whole_list(fetch, str, what="users", limit=100) == rows


@given(st.integers(0, 40), st.integers(1, 7))
def test_a_total_that_is_of_the_page_is_not_believed_over_a_link_to_the_next(size: int, cap: int) -> None:
    rows = [{"sourcedId": str(number)} for number in range(size)]

    def fetch(url: str) -> Page:
        start = int(url)
        page = rows[start : start + cap]
        return Page(page, str(start + cap) if start + cap < size else "", len(page))

    assert whole_list(fetch, str, what="users", limit=100) == rows


def test_a_list_that_never_ends_is_given_up() -> None:
    def fetch(url: str) -> Page:
        return Page([{"sourcedId": url}], str(int(url) + 1), None)

    with pytest.raises(SisRejected, match=r"oneroster\.list_incomplete"):
        whole_list(fetch, str, what="users", limit=100)


def test_a_list_shorter_than_its_total_is_refused_unless_it_was_filtered() -> None:
    def fetch(url: str) -> Page:
        return Page([{"sourcedId": "1"}] if url == "0" else [], "", 3)

    with pytest.raises(SisRejected, match=r"oneroster\.list_incomplete"):
        whole_list(fetch, str, what="users", limit=100)
    assert whole_list(fetch, str, what="users", limit=100, filtered=True) == [{"sourcedId": "1"}]

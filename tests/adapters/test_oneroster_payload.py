"""What we write is valid by the data model of 1.1 and by 1EdTech's own schema of 1.2."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from shared.adapters.oneroster.dialect import DIALECTS
from shared.adapters.oneroster.payload import line_item_body, result_body
from shared.domain.gradebook import ScoreStatus
from shared.gradebook_port import SisRejected
from tests.sis_school import ITEM, RESULT

NOW = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)
PREFIX = "https://sis.voorbeeld.example/api"
FILES = {"1.1": ("v1p1.json", ""), "1.2": ("v1p2.json", "DType")}
FORMATS = FormatChecker()
VERSIONS = pytest.mark.parametrize("version", ["1.1", "1.2"])


@FORMATS.checks("date-time")
def is_date_time(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value) is not None


def complaints(body: dict, version: str) -> list[str]:
    name, suffix = FILES[version]
    schema = json.loads((Path(__file__).parent / "oneroster_specs" / name).read_text())
    single = "SingleLineItem" if "lineItem" in body else "SingleResult"
    wanted = {"$ref": f"#/$defs/{single}{suffix}", "$defs": schema["$defs"]}
    return [error.message for error in Draft202012Validator(wanted, format_checker=FORMATS).iter_errors(body)]


def item(version: str, **changed) -> dict:
    return line_item_body(replace(ITEM, **changed), DIALECTS[version], PREFIX, NOW)


def result(version: str, **changed) -> dict:
    return result_body(ITEM, replace(RESULT, **changed), DIALECTS[version], PREFIX, NOW)


ITEMS = [
    {},
    {"description": ""},
    {"title": "Toets 🙂 “H3” <b>"},
    {"class_id": "3b/wi é"},
    {"minimum": 0.0, "maximum": 10.5},
    {"due": datetime(2026, 11, 20, 23, 59, tzinfo=timezone(timedelta(hours=1)))},
]
RESULTS = [
    {},
    {"score": 0.0},
    {"score": 12.0, "comment": "Extra opdracht gedaan"},
    {"status": ScoreStatus.EXEMPT, "score": None},
    {"status": ScoreStatus.EXEMPT, "score": 6.1},
    {"status": ScoreStatus.NOT_SUBMITTED, "score": None},
    {"scored": None},
    {"student": "leerling 1/é"},
]


@VERSIONS
@pytest.mark.parametrize("changed", ITEMS, ids=str)
def test_an_item_is_valid(version: str, changed: dict) -> None:
    assert complaints(item(version, **changed), version) == []


@VERSIONS
@pytest.mark.parametrize("changed", RESULTS, ids=str)
def test_a_result_is_valid(version: str, changed: dict) -> None:
    assert complaints(result(version, **changed), version) == []


@VERSIONS
def test_the_schemas_do_refuse_what_is_wrong(version: str) -> None:
    wrong = item(version)
    del wrong["lineItem"]["class"]["href"]
    assert complaints(wrong, version)
    wrong = result(version)
    wrong["result"]["scoreDate"] = "2026-11-21T00:00:00Z"
    assert complaints(wrong, version)


def test_what_is_not_stated_is_left_out() -> None:
    row = item("1.1", category="", description="", due=None)["lineItem"]
    assert row.keys() & {"category", "description", "dueDate", "school"} == set()


def test_an_exemption_in_1_1_has_the_minimum_for_a_score_because_there_has_to_be_one() -> None:
    row = result("1.1", status=ScoreStatus.EXEMPT, score=None)["result"]
    assert (row["scoreStatus"], row["score"]) == ("exempt", 1.0)
    assert "score" not in result("1.2", status=ScoreStatus.EXEMPT, score=None)["result"]


def test_a_missing_grade_is_never_sent_as_a_zero() -> None:
    with pytest.raises(SisRejected, match=r"oneroster\.unsendable"):
        result("1.1", score=None)


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -float("inf")])
@VERSIONS
def test_a_score_that_is_no_number_is_refused(version: str, score: float) -> None:
    with pytest.raises(SisRejected, match=r"oneroster\.unsendable"):
        result(version, score=score)


@pytest.mark.parametrize("wrong", [{"id": ""}, {"id": "x" * 256}, {"id": "a\nb"}, {"title": " "}], ids=str)
@VERSIONS
def test_an_item_without_a_usable_id_or_title_is_refused(version: str, wrong: dict) -> None:
    with pytest.raises(SisRejected, match=r"oneroster\.unsendable"):
        item(version, **wrong)


def test_references_of_1_2_point_into_the_service_that_has_them() -> None:
    row = item("1.2", class_id="3b/wi é")["lineItem"]
    assert row["class"]["href"] == f"{PREFIX}/ims/oneroster/rostering/v1p2/classes/3b%2Fwi%20%C3%A9"
    assert row["category"]["href"] == f"{PREFIX}/ims/oneroster/gradebook/v1p2/categories/toets"
    assert row["school"]["type"] == "org"

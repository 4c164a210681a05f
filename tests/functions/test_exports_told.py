"""What is told of an export: what it would do, how far it is and what came of everyone; and nothing of it in a log."""

import csv
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions import logs
from tests.export_world import CLASS, COURSE, NAMES, TEACHER, work
from tests.functions.answers import good
from tests.functions.export_desk import BODY, GRADES, SO, ExportDesk, export_desk


@pytest.fixture
def school(tmp_path: Path) -> Iterator[ExportDesk]:
    with export_desk(tmp_path / "data") as there:
        yield there


# ------------------------------------------------------------ preview, export, progress


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Het onderdeel krijgt in het LIS de standaardcategorie."),
        ("en", "The item gets the default category in the SIS."),
    ],
)
def test_a_preview_says_what_would_happen_in_the_askers_language(school: ExportDesk, language: str, words: str) -> None:
    school.sis.school.attends[CLASS].discard("s2")
    told = good(school.ask("POST", "/preview", json=BODY, headers={"Accept-Language": language}))
    assert told["counts"] == {"cannot": 1, "items.new": 1, "new": 2}
    [item] = told["items"]
    assert (item["work"], item["action"], item["maximum"]) == ("w1", "new", 10.0)
    assert item["due"] == "2026-11-20T23:59:00+01:00"
    assert [each["field"] for each in item["forced"]] == ["category"]
    assert item["forced"][0]["why"]["message"] == words
    assert [each["name"] for each in item["students"]] == sorted(
        (" ".join(name) for name in NAMES.values()), key=str.casefold
    )
    by_id = {each["student"]: each for each in item["students"]}
    assert by_id["u1"]["here"] == {"score": 7.5, "status": "fully graded", "comment": ""}
    assert by_id["u2"]["why"]["code"] == "pair.not_found"
    assert by_id["u2"]["why"]["remedy"]


def test_an_export_is_accepted_followed_and_told(school: ExportDesk) -> None:
    answer = school.ask("POST", json=BODY)
    told = answer.get_json()
    assert (answer.status_code, told["state"], told["counts"]) == (202, "planning", {})
    assert answer.headers["Location"] == f"/v1/schools/demo/exports/{told['id']}"
    assert good(school.ask("GET", f"/{told['id']}"))["items"] == []
    school.deliver(school.post.waiting.popleft())
    going = good(school.ask("GET", f"/{told['id']}"))
    assert (going["export"]["state"], going["export"]["items"], going["export"]["total"]) == ("running", 0, 1)
    assert {each["outcome"] for each in going["items"][0]["students"]} == {"pending"}
    school.finish()
    done = good(school.ask("GET", f"/{told['id']}"))
    assert (done["export"]["state"], done["export"]["items"], done["export"]["why"]) == ("done", 1, None)
    assert done["export"]["counts"] == {"items.sent": 1, "sent": 3}
    assert [(each["name"], each["outcome"], each["score"]) for each in done["items"][0]["students"]] == [
        ("Anna Bakker", "sent", 6.0),
        ("Noor de Wit", "sent", 8.25),
        ("Yusuf Yılmaz", "sent", 7.5),
    ]
    [listed] = good(school.ask("GET", f"?course={COURSE}"))["items"]
    assert listed == done["export"]
    assert good(school.ask("GET", "?course=profijt:andere"))["items"] == []


def test_a_choice_comes_with_what_was_seen(school: ExportDesk) -> None:
    school.ordered()
    school.finish()
    [row] = [row for row in school.sis.school.living("results") if row["student"]["sourcedId"] == "s1"]
    school.sis.school.edit("results", row["sourcedId"], score=9.0)
    [item] = good(school.ask("POST", "/preview", json=BODY))["items"]
    student = next(each for each in item["students"] if each["student"] == "u1")
    assert (student["action"], student["there"]["score"], student["choices"]) == (
        "conflict",
        9.0,
        ["overwrite", "keep"],
    )
    choice = {"work": "w1", "student": "u1", "choice": "overwrite", "seen": student["seen"]}
    school.ordered(choices=[choice])
    assert school.finish().counts == {"items.same": 1, "same": 2, "sent": 1}


def test_a_dutch_grade_with_a_comma_arrives_as_a_number_and_is_told_with_a_comma(school: ExportDesk) -> None:
    works = [{"id": "w1", "title": "SO H3", "due": "20-11-2026"}]
    grades = [{"work": "w1", "student": who, "score": score} for who, score in (("u1", "7,5"), ("u2", "10,0"))]
    body = {"name": "Wiskunde 3A", "students": ["u1", "u2"], "works": works, "grades": grades}
    assert school.ask("PUT", json=body, at="coursework/3a-wi", headers={"If-Match": "*"}).status_code == 200
    id = school.ordered()
    school.finish()
    assert school.there() == {("SO H3", "s1"): 7.5, ("SO H3", "s2"): 10.0}
    assert ";7,5;cijfer;" in school.ask("GET", f"/{id}/outcomes.csv").text


def test_the_outcomes_open_in_dutch_excel_and_run_nothing(school: ExportDesk) -> None:
    school.grades([work("w1", "=1+1")], GRADES)
    school.sis.school.edit("users", "s1", familyName='=HYPERLINK("x")')
    school.sis.fail("failure_inside", method="PUT", path="/results/", times=1)
    id = school.ordered()
    school.finish()
    answer = school.ask("GET", f"/{id}/outcomes.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert f'filename="export-{id}.csv"' in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    header, item, *students = rows
    assert header[:6] == ["Export", "Geëxporteerd op", "Door", "Lesgroep", "LIS-lesgroep", "Onderdeel"]
    assert item[1:6] == ["23-11-2026 09:01", TEACHER, "Wiskunde 3A", "Wiskunde 3A", "'=1+1"]
    by_name = {row[7]: row for row in students}
    assert by_name["Noor de Wit"][8:11] == ["verzonden en bevestigd", "8,25", "cijfer"]
    assert by_name["Yusuf Yılmaz"][8] == "mislukt"
    assert by_name["Yusuf Yılmaz"][15] == "not kept"
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]
    english = school.ask("GET", f"/{id}/outcomes.csv", headers={"Accept-Language": "en"}).data.decode("utf-8-sig")
    assert "sent and confirmed" in english
    assert "8.25" in english


# ------------------------------------------------------------ logs


@pytest.fixture
def root() -> Iterator[None]:
    logger = logging.getLogger()
    before, level = logger.handlers[:], logger.level
    logs.install(project="profijt-test", service="exports", version="7")
    yield
    logger.handlers[:] = before
    logger.setLevel(level)


@pytest.mark.usefixtures("root")
def test_no_name_mark_or_credential_is_in_any_line_of_a_whole_export(
    school: ExportDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    """With everything going wrong that can, and the SIS naming the student."""
    school.sis.school.attends[CLASS].discard("s2")
    school.grades([SO], {("w1", "u1"): 7.531, ("w1", "u2"): 6.532, ("w1", "u3"): 8.533})
    school.ask("POST", "/preview", json=BODY)
    school.sis.fail("failure_inside", method="PUT", path="/results/", times=1)
    school.sis.fail("error_after", method="PUT", path="/lineItems/", times=1)
    school.sis.fail("error", method="GET", path="/lineItems/", times=2)
    id = school.ordered()
    done = school.patiently()
    school.ask("GET", f"/{id}")
    school.ask("GET", f"/{id}/outcomes.csv")
    school.ask("POST", f"/{id}/retry")
    school.disconnect()
    school.finish()
    out = capsys.readouterr()
    lines = out.out + out.err
    assert f'"export": "{id}"' in lines
    assert done.counts == {"cannot": 1, "failed": 1, "items.confirmed": 1, "sent": 1}
    auth = school.sis.auth
    secrets = [auth.key, auth.secret, "Bearer", "baken.example", "not kept", "7.531", "6.532", "8.533", "7,531"]
    names = [name for both in NAMES.values() for name in both] + ["Ingrid", "breuken"]
    assert [word for word in (*secrets, *names) if word in lines] == []

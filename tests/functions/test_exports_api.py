"""Exporting over HTTP: only one's own class, once, and only while the school lets its teachers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.export_world import CLASS, COURSE, NAMES
from tests.functions.answers import code, good
from tests.functions.export_desk import BODY, KEES, ExportDesk, export_desk


@pytest.fixture
def school(tmp_path: Path) -> Iterator[ExportDesk]:
    with export_desk(tmp_path / "data") as there:
        yield there


# ------------------------------------------------------------ who may what


@pytest.mark.parametrize("role", ["student", "support", "service"])
def test_who_neither_teaches_nor_manages_gets_nothing(school: ExportDesk, role: str) -> None:
    id = school.ordered()
    school.finish()
    asked = [
        school.ask("POST", "/preview", json=BODY, by="x", role=role),
        school.ask("POST", json=BODY, by="x", role=role),
        school.ask("POST", f"/{id}/retry", by="x", role=role),
        *(school.ask("GET", path, by="x", role=role) for path in ("", f"/{id}", f"/{id}/outcomes.csv")),
    ]
    assert {answer.status_code for answer in asked} <= {401, 403}
    assert not any(name in answer.text for answer in asked for _, name in NAMES.values())


def test_another_teachers_class_and_export_are_not_there(school: ExportDesk) -> None:
    id = school.ordered()
    assert code(school.ask("POST", json=BODY, by=KEES), 404) == "course.unknown"  # not even that it is busy
    school.finish()
    for path in (f"/{id}", f"/{id}/outcomes.csv"):
        assert code(school.ask("GET", path, by=KEES), 404) == "export.unknown"
    assert code(school.ask("POST", f"/{id}/retry", by=KEES), 404) == "export.unknown"
    for path in ("", f"?course={COURSE}"):
        assert good(school.ask("GET", path, by=KEES))["items"] == []
    assert code(school.ask("POST", "/preview", json=BODY, by=KEES), 404) == "course.unknown"
    assert code(school.ask("POST", json=BODY, by=KEES), 404) == "course.unknown"


def test_who_teaches_it_here_and_not_at_the_sis_may_not_export(school: ExportDesk) -> None:
    school.share()
    school.sis.school.teaches[CLASS].discard("t-bakker")
    for path in ("", "/preview"):
        assert code(school.ask("POST", path, json=BODY, by=KEES), 404) == "class_link.not_yours"
    assert school.sis.count("PUT") == 0


def test_who_stopped_teaching_it_exports_nothing(school: ExportDesk) -> None:
    school.sis.school.teaches[CLASS].discard("t-vries")
    id = school.ordered()
    school.finish()
    told = good(school.ask("GET", f"/{id}"))["export"]
    assert (told["state"], told["why"]["code"]) == ("stopped", "class_link.not_yours")
    assert school.sis.count("PUT") == 0


def test_a_colleague_of_the_same_class_waits_and_then_exports_an_export_of_their_own(school: ExportDesk) -> None:
    school.share()
    first = school.ordered()
    assert code(school.ask("POST", json=BODY, by=KEES), 409) == "export.colleague"
    school.finish()
    assert code(school.ask("GET", f"/{first}", by=KEES), 404) == "export.unknown"
    second = school.ask("POST", json=BODY, by=KEES)
    assert second.status_code == 202, second.text
    assert school.finish().counts == {"items.same": 1, "same": 3}
    assert [each["by"] for each in good(school.ask("GET", by=KEES))["items"]] == [KEES]


def test_an_admin_reads_the_history_and_exports_nothing(school: ExportDesk) -> None:
    id = school.ordered()
    school.finish()
    admin = {"by": "a1", "role": "admin"}
    assert [each["id"] for each in good(school.ask("GET", **admin))["items"]] == [id]
    assert good(school.ask("GET", f"/{id}", **admin))["items"][0]["students"]
    assert school.ask("GET", f"/{id}/outcomes.csv", **admin).status_code == 200
    for path in ("", "/preview", f"/{id}/retry"):
        assert school.ask("POST", path, json=BODY, **admin).status_code == 403


def test_another_school_sees_nothing(school: ExportDesk) -> None:
    id = school.ordered()
    asked = [school.ask("GET", path, by="a9", role="admin", school="elders") for path in ("", f"/{id}")]
    asked += [school.ask("POST", path, json=BODY, school="elders") for path in ("", "/preview", f"/{id}/retry")]
    assert {answer.status_code for answer in asked} == {404}


# ------------------------------------------------------------ once, and not now


def test_a_double_click_and_a_repeated_key_are_one_operation(school: ExportDesk) -> None:
    first = school.ordered()
    assert school.ordered() == first
    key = {"Idempotency-Key": "klik-0001"}
    school.finish()
    answers = [school.ask("POST", json=BODY, headers=key) for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    assert answers[0].get_json()["id"] != first
    assert len(school.post.waiting) == 1


def test_what_failed_is_repeated_and_nothing_that_did_not(school: ExportDesk) -> None:
    school.sis.fail("error", method="PUT", path="/results/", times=1)
    first = school.ordered()
    assert code(school.ask("POST", f"/{first}/retry"), 409) == "export.under_way"
    school.finish()
    assert good(school.ask("GET", "/latest"))["export"]["id"] == first
    assert code(school.ask("GET", "/latest", by=KEES), 404) == "export.unknown"
    again = school.ask("POST", "/latest/retry")
    assert (again.status_code, again.get_json()["of"]) == (202, first)
    assert again.headers["Location"].endswith(again.get_json()["id"])
    assert school.finish().counts == {"items.same": 1, "sent": 1}
    assert code(school.ask("POST", f"/{again.get_json()['id']}/retry"), 409) == "export.nothing_failed"


def test_without_the_right_connection_nothing_is_exported(school: ExportDesk) -> None:
    def asked(status: int) -> set[str]:
        return {code(school.ask("POST", path, json=BODY), status) for path in ("", "/preview")}

    school.sis_is(teachers_export=False)
    assert asked(403) == {"sis.teachers_off"}
    school.sis_is(teachers_export=True, book="another")
    assert asked(409) == {"export.other_sis"}
    school.disconnect()
    assert asked(403) == {"sis.not_connected"}


def test_what_is_not_there_is_not_found(school: ExportDesk) -> None:
    for path in ("", "/preview"):
        assert code(school.ask("POST", path, json={"course": "profijt:nergens"}), 404) == "class_link.unknown"
    for path in ("/20260101T000000-x", "/20260101T000000-x/outcomes.csv"):
        assert code(school.ask("GET", path), 404) == "export.unknown"
    assert code(school.ask("POST", "/20260101T000000-x/retry"), 404) == "export.unknown"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"course": ""},
        {"course": 3},
        BODY | {"works": "w1"},
        BODY | {"works": [""]},
        BODY | {"works": ["w"] * 501},
        BODY | {"onbekend": 1},
        BODY | {"choices": [{"work": "w1", "choice": "delete", "seen": ""}]},
        BODY | {"choices": [{"work": "w1", "choice": "keep"}]},
        BODY | {"choices": [{"work": "w1", "choice": "keep", "seen": "x" * 101}]},
    ],
)
def test_a_body_that_is_none_is_refused_with_its_place(school: ExportDesk, body: dict[str, object]) -> None:
    for path in ("", "/preview"):
        assert school.ask("POST", path, json=body).status_code in (400, 422)
    assert not school.post.waiting


def test_after_their_time_only_the_counts_are_left(school: ExportDesk) -> None:
    id = school.ordered()
    school.finish()
    school.pass_(days=91)
    told = good(school.ask("GET", f"/{id}"))
    assert (told["items"], told["export"]["counts"]) == ([], {"items.sent": 1, "sent": 3})
    assert code(school.ask("POST", f"/{id}/retry"), 404) == "export.gone"
    school.pass_(days=400)
    assert code(school.ask("GET", f"/{id}"), 404) == "export.unknown"
    assert good(school.ask("GET"))["items"] == []

"""What every SIS's gradebook promises, whatever version it speaks and however it lets us in: shared.gradebook_port."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from shared.domain.export.compare import agrees
from shared.domain.gradebook import ScoreStatus, item_differences
from shared.errors import NotAuthorized
from shared.gradebook_port import Gradebook, SisRejected
from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.oneroster_school import Quirks
from tests.sis_school import ITEM, RESULT, gradebook, sis

LAX = Quirks(
    strict=False, link=False, total=False, page_cap=2, list_keys="endpoint", put_body=True, edit_status=201,
    filters="ignored", categories="class", score_as_text=True, errors="statusInfoSet",
)  # fmt: skip
ODD = Quirks(filters="empty", page_cap=1, soft_deletes=False, errors="message", put_body=True)
SERVERS = {
    "strict 1.1 by HMAC-SHA256": (Quirks(), "1.1", "HMAC-SHA256"),
    "strict 1.1 by HMAC-SHA1, small pages": (Quirks(page_cap=1, categories="filter"), "1.1", "HMAC-SHA1"),
    "lax 1.1 by OAuth 2": (LAX, "1.1", "oauth2"),
    "odd 1.1 by OAuth 2": (ODD, "1.1", "oauth2"),
    "strict 1.2": (Quirks(), "1.2", "oauth2"),
    "lax 1.2": (LAX, "1.2", "oauth2"),
    "refuses filters": (Quirks(filters="refused", errors="imsx_StatusInfo"), "1.1", "oauth2"),
}


@dataclass
class Sis:
    book: Gradebook
    server: OneRosterSimulator
    version: str


@pytest.fixture(params=SERVERS)
def here(request: pytest.FixtureRequest) -> Iterator[Sis]:
    quirks, version, security = SERVERS[request.param]
    with sis(quirks) as server:
        yield Sis(gradebook(server, version, security), server, version)


def test_a_key_that_is_accepted_logs_in_and_another_does_not(here: Sis) -> None:
    here.book.login()
    here.server.auth.secret = "nieuw"
    here.server.auth.revoke()
    with pytest.raises(NotAuthorized, match=r"oneroster\.credentials_refused"):
        here.book.login()


def test_the_schools_are_told(here: Sis) -> None:
    assert [(org.id, org.name) for org in here.book.orgs()] == [("baken", "Het Baken")]


def test_whether_we_may_write_is_told_by_the_rights_of_a_token_and_not_by_a_signature(here: Sis) -> None:
    here.book.login()
    by_token = any(request.path in here.server.auth.token_paths for request in here.server.seen)
    assert here.book.may_write() is (True if by_token else None)


def test_there_is_a_class_to_try_things_on_once_there_are_classes(here: Sis) -> None:
    sample = here.book.any_class()
    assert sample
    assert sample.id in ("3a-wi", "3b/wi é")
    with here.server.school.lock:
        here.server.school.rows["classes"].clear()
    assert here.book.any_class() is None


def test_all_categories_of_the_school_are_told_or_refused_where_they_are_by_class(here: Sis) -> None:
    if here.server.quirks.categories == "all":
        assert {category.id for category in here.book.every_category()} == {"toets", "so"}
    else:
        with pytest.raises(SisRejected):
            here.book.every_category()


@pytest.mark.parametrize("email", ["i.devries@baken.example", " I.DEVRIES@baken.example "])
def test_a_teacher_is_found_by_address_in_any_case(here: Sis, email: str) -> None:
    assert here.book.teacher(email).id == "d1"


def test_a_teacher_with_a_quote_in_the_address_is_found(here: Sis) -> None:
    assert here.book.teacher("o'brien@baken.example").id == "d2"


@pytest.mark.parametrize("email", ["niemand@baken.example", "yusuf@baken.example", ""])
def test_who_is_no_teacher_is_not_found_also_when_the_filter_does_not_work(here: Sis, email: str) -> None:
    with pytest.raises(SisRejected, match=r"oneroster\.teacher_unknown"):
        here.book.teacher(email)


def test_two_teachers_with_one_address_are_not_guessed_between(here: Sis) -> None:
    here.server.school.add_teacher("d3", "i.devries@BAKEN.example", "3a-wi")
    with pytest.raises(SisRejected, match=r"oneroster\.teacher_twice"):
        here.book.teacher("i.devries@baken.example")


def test_a_teacher_has_only_the_own_classes(here: Sis) -> None:
    own = here.book.classes(here.book.teacher("o'brien@baken.example"))
    assert [(one.id, one.title, one.school, one.terms) for one in own] == [("3b/wi é", "Wiskunde 3B", "baken", ("t1",))]


def test_a_class_has_its_students_and_none_that_were_deleted(here: Sis) -> None:
    here.server.school.add_student("s9", "weg@baken.example", "3a-wi")
    here.server.school.edit("users", "s9", status="tobedeleted")
    assert {(one.id, one.email, one.first_name) for one in here.book.students("3a-wi")} == {
        ("s1", "yusuf@baken.example", "Yusuf"),
        ("s2", "", "Anna"),
    }


def test_the_categories_of_a_class_are_found_by_whatever_route_there_is(here: Sis) -> None:
    here.server.school.add_category("ander", "Van 3B", of_class="3b/wi é")
    for _ in range(2):
        found = {one.id for one in here.book.categories("3a-wi")}
        assert "so" in found
        assert "ander" not in found


def test_the_grading_periods_of_a_class_cover_its_term(here: Sis) -> None:
    one = here.book.classes(here.book.teacher("i.devries@baken.example"))[0]
    first, second = sorted(here.book.grading_periods(one), key=lambda period: period.first)
    assert (first.id, second.id) == ("p1", "p2")
    assert (first.first, second.last) == (date(2026, 8, 17), date(2027, 7, 9))


def test_an_item_is_made_once_and_read_back_as_it_was_sent(here: Sis) -> None:
    made = here.book.put_line_item(ITEM, known=())
    again = here.book.put_line_item(replace(ITEM, title="SO H4"), known={ITEM.id})
    assert item_differences(ITEM, made.item) == ()
    assert again.item.title == "SO H4"
    assert here.book.line_items("3a-wi") == (again.item,)
    assert here.server.school.created["lineItems"] == 1


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"score": 0.0},
        {"score": 12.25, "comment": "Extra opdracht"},
        {"status": ScoreStatus.EXEMPT, "score": None},
        {"status": ScoreStatus.EXEMPT, "score": 6.1},
        {"status": ScoreStatus.NOT_SUBMITTED, "score": None},
    ],
    ids=str,
)
def test_a_result_is_made_once_and_read_back_as_it_was_sent(here: Sis, changed: dict) -> None:
    wanted = replace(RESULT, **changed)
    item = here.book.put_line_item(ITEM, known=()).item
    here.book.put_result(item, RESULT)
    assert here.book.put_result(item, wanted).id == RESULT.id
    (found,) = here.book.results(item)
    assert agrees(wanted, found)
    assert (found.line_item, found.student, found.scored) == (item.id, wanted.student, wanted.scored)
    assert here.server.school.created["results"] == 1


def test_results_of_other_items_are_not_told(here: Sis) -> None:
    item = here.book.put_line_item(ITEM, known=()).item
    other = here.book.put_line_item(replace(ITEM, id="ander", title="Ander"), known={item.id}).item
    here.book.put_result(item, RESULT)
    assert here.book.results(other) == ()


def test_a_student_of_another_class_is_refused_in_the_words_of_the_sis(here: Sis) -> None:
    item = here.book.put_line_item(ITEM, known=()).item
    with pytest.raises(SisRejected, match=r"oneroster\.refused") as caught:
        here.book.put_result(item, replace(RESULT, student="s3"))
    assert caught.value.said == "student does not belong to the class"
    assert "student" not in str(caught.value)


def test_what_was_deleted_is_not_told_and_comes_back_when_it_is_written(here: Sis) -> None:
    here.book.put_line_item(ITEM, known=())
    here.server.school.edit("lineItems", ITEM.id, status="tobedeleted")
    assert here.book.line_items("3a-wi") == ()
    here.book.put_line_item(ITEM, known=())
    assert [one.id for one in here.book.line_items("3a-wi")] == [ITEM.id]


def test_a_class_that_is_gone_is_not_an_empty_class(here: Sis) -> None:
    with pytest.raises(SisRejected, match=r"oneroster\.not_there"):
        here.book.students("opgeheven")

"""What a teacher may link and whose class it is: what it costs at the SIS, and what every source adds to the list."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.domain.class_link import ClassLink
from shared.domain.people import Role, User
from shared.errors import Conflict, NotAllowed, NotFound, Throttled
from shared.flows.class_links import link_path, read_link
from shared.flows.coursework_for import coursework_of
from shared.flows.keep_users import keep_users
from shared.flows.link_class import link_class, linked_class
from shared.flows.own_classes import prove_teacher, sis_choices
from shared.flows.sis import open_sis
from shared.ports import Write
from tests.class_world import INGRID, KEES, SCHOOL, ClassWorld, class_world

COURSE = "profijt:3a-wi"


@pytest.fixture
def school(tmp_path: Path) -> Iterator[ClassWorld]:
    with class_world(tmp_path) as world:
        world.ask(INGRID, "PUT", "/coursework/3a-wi", json={"name": "Wiskunde 3A", "students": ["u1", "u2", "u3"]})
        assert world.link().status_code == 200
        yield world


def prove(school: ClassWorld, user: str) -> tuple[str, int]:
    """The id at the SIS, and how many questions it took."""
    link, _ = read_link(school.app, SCHOOL, COURSE)
    _, gradebook = open_sis(school.app, SCHOOL)
    before = school.local.sis.count("GET")
    return prove_teacher(school.app, SCHOOL, user, link, gradebook).id, school.local.sis.count("GET") - before


def test_who_proved_it_before_is_proved_with_one_question(school: ClassWorld) -> None:
    assert prove(school, INGRID) == ("t-vries", 1)


def test_whose_address_was_corrected_in_profijt_is_proved_anew(school: ClassWorld) -> None:
    ingrid = User(INGRID, Role.TEACHER, "Ingrid", "Vries", email="K.Bakker@baken.example")
    keep_users(school.app, SCHOOL, [ingrid], ())
    with pytest.raises(NotFound, match=r"class_link\.not_yours"):
        prove(school, INGRID)
    school.local.sis.school.teaches["3a-wi"].add("t-bakker")
    assert prove(school, INGRID) == ("t-bakker", 2)
    assert prove(school, INGRID) == ("t-bakker", 1)
    keep_users(school.app, SCHOOL, [replace(ingrid, email="")], ())
    with pytest.raises(NotAllowed, match=r"class_link\.no_email"):
        prove(school, INGRID)


def test_a_link_of_before_addresses_were_remembered_is_proved_anew_once(school: ClassWorld) -> None:
    document = school.app.store.get(link_path(SCHOOL, COURSE))
    assert document
    older = {name: value for name, value in document.data.items() if name != "proofs"}
    school.app.store.commit([Write(document.path, older)])
    assert prove(school, INGRID) == ("t-vries", 2)
    assert prove(school, INGRID) == ("t-vries", 1)


def test_the_address_itself_is_not_in_the_link(school: ClassWorld) -> None:
    document = school.app.store.get(link_path(SCHOOL, COURSE))
    assert document
    assert document.data["proofs"].keys() == {INGRID}
    assert "baken.example" not in repr(document.data)


def test_who_proves_it_for_the_first_time_is_looked_up_and_remembered(school: ClassWorld) -> None:
    school.local.sis.school.teaches["3a-wi"].add("t-bakker")
    assert prove(school, KEES) == ("t-bakker", 2)
    assert prove(school, KEES) == ("t-bakker", 1)


def test_who_does_not_teach_it_any_more_is_refused(school: ClassWorld) -> None:
    school.local.sis.school.teaches["3a-wi"].discard("t-vries")
    with pytest.raises(NotFound, match=r"class_link\.not_yours"):
        prove(school, INGRID)


def test_a_teacher_who_got_another_id_at_the_sis_is_found_again(school: ClassWorld) -> None:
    sis = school.local.sis.school
    sis.edit("users", "t-vries", email="oud@baken.example")
    sis.add_teacher("t-nieuw", "i.devries@baken.example", "3a-wi")
    sis.teaches["3a-wi"].discard("t-vries")
    assert prove(school, INGRID)[0] == "t-nieuw"
    link, _ = read_link(school.app, SCHOOL, COURSE)
    assert dict(link.teachers)[INGRID] == "t-nieuw"


def test_a_teacher_the_sis_deleted_teaches_nothing(school: ClassWorld) -> None:
    del school.local.sis.school.rows["users"]["t-vries"]
    with pytest.raises(Exception, match=r"oneroster\.teacher_unknown"):
        prove(school, INGRID)


def test_a_link_that_was_undone_meanwhile_is_not_made_again_by_whoever_proves_to_be_its_teacher(
    school: ClassWorld,
) -> None:
    link, _ = read_link(school.app, SCHOOL, COURSE)
    school.local.sis.school.teaches["3a-wi"].add("t-bakker")
    school.ask(INGRID, "DELETE", f"/class-links/{COURSE}")
    _, gradebook = open_sis(school.app, SCHOOL)
    assert prove_teacher(school.app, SCHOOL, KEES, link, gradebook).id == "t-bakker"
    with pytest.raises(NotFound, match=r"class_link\.unknown"):
        read_link(school.app, SCHOOL, COURSE)


def test_two_who_link_different_courses_to_one_class_at_the_same_moment_do_not_both_get_it(school: ClassWorld) -> None:
    school.ask(INGRID, "DELETE", f"/class-links/{COURSE}")
    school.ask(INGRID, "PUT", "/coursework/andere", json={"name": "Andere"})
    app, raced = school.app, []

    class Racing:
        """The store, in which somebody else links the moment before we do."""

        def __getattr__(self, name: str) -> object:
            return getattr(app.store, name)

        def commit(self, writes: object) -> object:
            if not raced:
                raced.append(link_class(app, SCHOOL, INGRID, "profijt:andere", "3a-wi", seen=_fine))
            return app.store.commit(writes)  # type: ignore[arg-type]

    ours = replace(app, store=Racing())  # type: ignore[arg-type]
    with pytest.raises(Conflict, match=r"class_link\.class_taken"):
        link_class(ours, SCHOOL, INGRID, COURSE, "3a-wi", seen=_fine)
    assert [each.link.course for each in raced] == ["profijt:andere"]
    with pytest.raises(NotFound):
        read_link(app, SCHOOL, COURSE)


def _fine(_: str) -> None:
    return None


def test_one_class_that_fails_takes_away_no_other_suggestion(school: ClassWorld) -> None:
    school.local.sis.fail("error", path="/classes/3a-wi/students", times=9)
    found = sis_choices(school.app, SCHOOL, INGRID, COURSE)
    assert [(each.sis_class.id, each.paired) for each in found.items] == [("3b/wi é", 1), ("3a-wi", None)]


def test_looking_at_a_link_asks_the_sis_two_things(school: ClassWorld) -> None:
    before = school.local.sis.count("GET")
    assert isinstance(linked_class(school.app, SCHOOL, INGRID, COURSE).link, ClassLink)
    assert school.local.sis.count("GET") - before == 2


# ------------------------------------------------------------ both sources


def test_one_list_of_both_sources_is_whole_or_says_what_is_missing(school: ClassWorld) -> None:
    google = school.local.classroom.school
    email = "i.devries@baken.example"
    google.add_person(email, "Ingrid", "de Vries")
    algebra = f"classroom:{google.add_course('Algebra', teachers=[email])}"
    assert [each.id for each in coursework_of(school.app, SCHOOL, INGRID).courses()] == [COURSE]
    school.consent(INGRID, email)
    both = coursework_of(school.app, SCHOOL, INGRID)
    assert [each.id for each in both.courses()] == [algebra, COURSE]
    assert both.gradings(algebra).course.id == algebra
    school.local.classroom.fail("throttled", path="/v1/courses")
    listed = both.listed()
    assert [each.id for each in listed.courses] == [COURSE]
    assert isinstance(listed.trouble, Throttled)
    with pytest.raises(Throttled):
        both.courses()
    assert both.gradings(COURSE).course.id == COURSE  # does not ask Google

"""Law of class links: whatever teachers and an admin do, a course has one class, a class one course, and a claim."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import Conflict, NotFound
from shared.flows.class_links import all_links, claim_path
from shared.flows.link_class import link_class, linked_class, unlink_class
from shared.ports import Write
from tests.class_world import INGRID, KEES, SCHOOL, ClassWorld, class_world

COURSES = ("profijt:eigen", "profijt:samen", "profijt:kees")
CLASSES = ("3a-wi", "3b/wi é", "2c-ne")
STEP = st.one_of(
    st.tuples(st.just("link"), st.sampled_from([INGRID, KEES]), st.sampled_from(COURSES), st.sampled_from(CLASSES)),
    st.tuples(st.just("look"), st.sampled_from([INGRID, KEES]), st.sampled_from(COURSES), st.just("")),
    st.tuples(st.just("unlink"), st.sampled_from([INGRID, KEES, ""]), st.sampled_from(COURSES), st.just("")),
)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClassWorld]:
    """Ingrid and Kees share a course and a class, and each has one alone."""
    folder: Path = tmp_path_factory.mktemp("links")
    with class_world(folder) as world:
        world.local.sis.school.teaches["3a-wi"].add("t-bakker")
        for course, teachers in zip(COURSES, ([INGRID], [INGRID, KEES], [KEES]), strict=True):
            body = {"name": course, "students": ["u1"], "teachers": teachers}
            assert world.as_service("PUT", f"/coursework/{course}", json=body).status_code == 200
        yield world


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, max_size=12))
def test_links_and_claims_are_always_one_to_one_and_own_on_both_sides(school: ClassWorld, steps: list[tuple[str, ...]]):
    app = school.app
    taken = f"schools/{SCHOOL}/class-links-taken"
    for kind in (taken, f"schools/{SCHOOL}/class-links"):
        app.store.write_many([Write(found.path, None) for found in app.store.query(kind).documents])
    for what, user, course, sis_class in steps:
        with suppress(Conflict, NotFound):
            if what == "link":
                link_class(app, SCHOOL, user, course, sis_class, seen=lambda _: None)
            elif what == "look":
                linked_class(app, SCHOOL, user, course)
            else:
                unlink_class(app, SCHOOL, course, teacher=user or None, by=user or "a1")
        links = [link for link, _ in all_links(app, SCHOOL)]
        claims = {found.path: found.data for found in app.store.query(taken).documents}
        assert {(claim_path(SCHOOL, link.book, link.sis_class), link.course, link.linked_by) for link in links} == {
            (path, claim["course"], claim["by"]) for path, claim in claims.items()
        }
        assert len({link.sis_class for link in links}) == len(links) == len(claims)
        for link in links:
            owners = {"eigen": {INGRID}, "samen": {INGRID, KEES}, "kees": {KEES}}[link.course.partition(":")[2]]
            at_sis = {"3a-wi": {INGRID, KEES}, "3b/wi é": {INGRID}, "2c-ne": {KEES}}[link.sis_class]
            assert {link.linked_by} <= set(dict(link.teachers)) <= owners & at_sis

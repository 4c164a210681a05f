"""Private calendar links: one person's lessons for whoever has the address, and nothing at all for anybody else."""

import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from shared.domain.people import Role
from shared.flows.directory import open_directory, repack
from shared.flows.feeds import feed_of
from shared.flows.keep_users import keep_users
from shared.flows.packed import commit_packed
from shared.flows.privacy import erase, export
from shared.flows.refresh_week import refresh_week
from shared.flows.schools import directory_path, link_path
from shared.flows.week_part import part_of
from shared.ports import Write
from tests.functions.desk import Desk, pupils
from tests.lessons_at_school import WEEK, Lessons, lessons_at_school


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Lessons]:
    with lessons_at_school(tmp_path / "data") as there:
        for nth, start in enumerate(("08:30", "09:20", "10:30")):
            pupil = there.person(Role.STUDENT, nth)
            there.give(100 + nth, start, teacher=there.person(Role.TEACHER), students=[pupil])
        yield there


@pytest.fixture
def desk(school: Lessons) -> Desk:
    desk = Desk(school)
    desk.admin()  # there is a snapshot
    return desk


def made(desk: Desk, nth: int = 0) -> str:
    answer = desk.of(pupils(desk.school)[nth], "/feeds", method="POST")
    assert answer.status_code == 201
    return str(answer.get_json()["address"])


def fetch(desk: Desk, address: str, **headers: str) -> TestResponse:
    """As a calendar does: with the address and nothing else."""
    return desk.client.get(address, headers=headers)


def test_the_link_opens_the_holders_lessons_alone_and_no_search_engine(school: Lessons, desk: Desk) -> None:
    answer = fetch(desk, made(desk, 1))
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.text.count("BEGIN:VEVENT") == 1
    assert "T092000" in answer.text
    for pupil in pupils(school):
        assert pupil.last_name not in answer.text
    assert fetch(desk, made(desk, 1), **{"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_what_did_not_change_is_not_sent_again(desk: Desk) -> None:
    address = made(desk)
    tag = fetch(desk, address).headers["ETag"]
    assert fetch(desk, address, **{"If-None-Match": tag}).status_code == 304
    assert fetch(desk, made(desk, 1), **{"If-None-Match": tag}).status_code == 200


def test_the_token_is_told_once_and_kept_as_a_hash(school: Lessons, desk: Desk) -> None:
    address = made(desk)
    token = address.removeprefix("/v1/feeds/").removesuffix(".ics")
    assert len(token.split(".")[2]) >= 43  # 256 bits
    told = desk.of(pupils(school)[0], "/feeds")
    assert told.get_json()["address"] == ""
    assert token not in told.text
    page = school.app.store.query(f"schools/{school.id}/feeds", limit=10)
    assert [found.data["hash"] for found in page.documents] == [hashlib.sha256(token.encode()).hexdigest()]
    assert not any(token in repr(found.data) for found in page.documents)


@pytest.mark.parametrize("token", ["x", "x.", ".x", "klein.", "elders.abc", "a.b.c", "....x", "klein1.xxx", "-_.-_"])
def test_an_unknown_link_always_gets_the_same_answer(desk: Desk, token: str) -> None:
    known = fetch(desk, f"/v1/feeds/{desk.school.id}.bestaatniet{next(_numbers)}.ics")
    answer = fetch(desk, f"/v1/feeds/{token}.ics")
    for each in (known, answer):
        assert (each.status_code, each.get_json(force=True)["code"]) == (404, "feed.unknown")
    own = ("trace_id", "instance")
    assert {name: value for name, value in answer.get_json(force=True).items() if name not in own} == {
        name: value for name, value in known.get_json(force=True).items() if name not in own
    }


@pytest.mark.parametrize("token", [".", "..", "é.x", "x" * 3000, "a." + "%00" * 5, "a%2Fb.c", "a/b.c", "%2E%2E.x"])
def test_what_cannot_be_a_link_is_not_found_either(desk: Desk, token: str) -> None:
    assert fetch(desk, f"/v1/feeds/{token}.ics").status_code == 404


_numbers = itertools.count()


def test_who_asks_every_second_is_told_to_wait(desk: Desk) -> None:
    for address in (made(desk), f"/v1/feeds/{desk.school.id}.geraden.ics"):
        answers = [fetch(desk, address) for _ in range(14)]
        assert answers[0].status_code in (200, 404)
        assert answers[-1].status_code == 429
        assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_new_link_ends_the_old_one_and_revoking_ends_both(school: Lessons, desk: Desk) -> None:
    old, new = made(desk), made(desk)
    assert (fetch(desk, old).status_code, fetch(desk, new).status_code) == (404, 200)
    assert desk.of(pupils(school)[0], "/feeds", method="DELETE").status_code == 204
    assert fetch(desk, new).status_code == 404
    assert desk.of(pupils(school)[0], "/feeds").get_json()["made"] is None
    assert desk.of(pupils(school)[0], "/feeds", method="DELETE").status_code == 204


@pytest.mark.parametrize("state", ["excluded", "suspended", None])
def test_a_link_ends_when_its_holder_is_not_linked_any_more(school: Lessons, desk: Desk, state: str | None) -> None:
    address = made(desk)
    path = link_path(school.id, school.user(pupils(school)[0]))
    document = school.app.store.get(path)
    assert document
    school.app.store.commit([Write(path, document.data | {"state": state} if state else None)])
    assert fetch(desk, address).status_code == 404


def test_a_link_ends_when_its_holder_leaves_the_school(school: Lessons, desk: Desk) -> None:
    address = made(desk)
    leaver = school.user(pupils(school)[0])
    keep_users(school.app, school.id, (), (leaver,))
    school.link()
    assert fetch(desk, address).status_code == 404


def test_when_it_was_fetched_last_is_seen(school: Lessons, desk: Desk) -> None:
    address = made(desk)
    mine = lambda: desk.of(pupils(school)[0], "/feeds").get_json()["lastFetched"]  # noqa: E731
    assert mine() is None
    fetch(desk, address)
    assert mine() == "2026-11-23T08:00:00+01:00"
    school.clock.pass_(minutes=5)
    fetch(desk, address)
    assert mine() == "2026-11-23T08:00:00+01:00"  # to some minutes: not a write at every fetch
    school.clock.pass_(minutes=20)
    fetch(desk, address)
    assert mine() == "2026-11-23T08:25:00+01:00"


def test_without_a_snapshot_it_is_an_error_and_no_empty_calendar(school: Lessons) -> None:
    desk = Desk(school)
    school.untis.fail("error", "timetable", status=503)
    address = made(desk)
    answer = fetch(desk, address)
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (503, "timetable.not_there")


def test_while_the_coupling_is_off_the_calendar_is_kept(school: Lessons, desk: Desk) -> None:
    address = made(desk)
    school.settings(enabled=False)
    before = school.asked()
    assert fetch(desk, address).status_code == 503
    assert school.asked() == before
    school.settings(enabled=True)
    assert fetch(desk, address).status_code == 200


def test_webuntis_down_changes_nothing_in_the_calendar(school: Lessons, desk: Desk) -> None:
    address = made(desk)
    before = fetch(desk, address).text
    school.untis.fail("error", status=503)
    school.clock.pass_(hours=5)
    after = fetch(desk, address)
    assert after.status_code == 200
    assert after.text.count("BEGIN:VEVENT") == before.count("BEGIN:VEVENT") == 1


def test_who_is_erased_leaves_no_link_and_the_export_tells_of_it_first(school: Lessons, desk: Desk) -> None:
    address, user = made(desk), school.user(pupils(school)[0])
    kept = export(school.app, school.id, user, actor="u-beheerder")
    assert kept.feed == feed_of(school.app, school.id, user)
    assert kept.feed
    erased = erase(school.app, school.id, user, actor="u-beheerder")
    assert erased.feeds == 1
    assert feed_of(school.app, school.id, user) is None
    assert fetch(desk, address).status_code == 404


def test_a_teacher_linked_after_his_part_was_read_gets_no_calendar_without_this_week(school: Lessons) -> None:
    school.untis.fail("forbidden_whole", "timetable")
    teacher, desk = school.person(Role.TEACHER), Desk(school)
    directory = open_directory(
        school.app, school.id, Role.TEACHER, head=school.app.store.get(directory_path(school.id, Role.TEACHER))
    )
    [linked] = [each for each in directory.decisions if each.key == teacher.key]
    others = [each for each in directory.decisions if each != linked]
    commit_packed(school.app.store, [repack(directory, users=directory.users, decisions=others)])
    desk.admin()  # reads the parts, without him
    linked_by_now = open_directory(
        school.app, school.id, Role.TEACHER, head=school.app.store.get(directory_path(school.id, Role.TEACHER))
    )
    commit_packed(school.app.store, [repack(linked_by_now, users=directory.users, decisions=directory.decisions)])
    address = str(desk.of(teacher, "/feeds", method="POST").get_json()["address"])
    answer = fetch(desk, address)
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (503, "timetable.not_there")
    school.local.queue.drain(10)
    part = part_of(Role.TEACHER, teacher.key, alone=False)
    assert (WEEK.name, part.id) in {(body["week"], body["part"]) for body in school.orders}
    refresh_week(school.app, school.id, WEEK, part, owner="job")
    answer = fetch(desk, address)
    assert (answer.status_code, answer.text.count("BEGIN:VEVENT")) == (200, 3)

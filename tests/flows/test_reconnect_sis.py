"""Disconnecting and coming back: nothing is sent in between, nothing is lost, and the same SIS is known anywhere."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from shared.domain.gradebook import Category
from shared.domain.sis import CategoryMissing
from shared.errors import Conflict, Invalid, NotAllowed, NotFound
from shared.flows.class_links import all_links
from shared.flows.disconnect_sis import VALID, Unconfirmed, disconnect
from shared.flows.keep_sis import Settings, save_sis
from shared.flows.privacy import erase
from shared.flows.retention import retain
from shared.flows.sis import open_sis, partner_of, read_sis, require_teachers
from shared.flows.sis_books import Held, Reunion, read_books
from shared.ports import Write
from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.oneroster_auth import SisAuth
from tests.lis import SCHOOL, Lis, failed, school_without_sis
from tests.sis_school import sis


@pytest.fixture
def lis(tmp_path: Path) -> Iterator[Lis]:
    with school_without_sis(tmp_path) as found:
        yield found


@pytest.fixture
def server() -> Iterator[OneRosterSimulator]:
    with sis() as found:
        yield found


def end(lis: Lis) -> None:
    """In its two steps."""
    lis.pass_(seconds=1)
    disconnect(lis.app, SCHOOL, confirm=confirmation(lis), by="u-beheerder")


def confirmation(lis: Lis) -> str:
    with pytest.raises(Unconfirmed) as caught:
        disconnect(lis.app, SCHOOL, confirm="", by="u-beheerder")
    return caught.value.confirm


# ------------------------------------------------------------ disconnecting


def test_without_a_confirmation_nothing_happens(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    before = read_sis(lis.app, SCHOOL)
    assert confirmation(lis)
    assert read_sis(lis.app, SCHOOL) == before
    assert list(lis.secrets.values()) == ["enabled"]


def test_a_confirmed_disconnect_ends_every_way_in_and_raises_the_generation(
    lis: Lis, server: OneRosterSimulator
) -> None:
    lis.connect(server)
    end(lis)
    assert (lis.stored.state, lis.stored.generation, lis.stored.since) == ("disconnected", 2, lis.now)
    assert list(lis.secrets.values()) == ["disabled"]
    with pytest.raises(NotAllowed, match=r"sis\.not_connected"):
        open_sis(lis.app, SCHOOL)
    assert [(event.action, event.actor) for event in lis.events] == [
        ("sis.connected", "u-beheerder"), ("sis.disconnected", "u-beheerder"),
    ]  # fmt: skip


def test_disconnecting_twice_is_disconnecting_once(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    end(lis)
    before = read_sis(lis.app, SCHOOL)
    for confirm in ("", "123-abc"):
        disconnect(lis.app, SCHOOL, confirm=confirm, by="u-ander")
    assert read_sis(lis.app, SCHOOL) == before
    assert len(lis.events) == 2


def test_a_school_that_never_connected_has_nothing_to_disconnect(lis: Lis) -> None:
    disconnect(lis.app, SCHOOL, confirm="", by="u-beheerder")
    assert lis.stored is None
    with pytest.raises(NotFound):
        disconnect(lis.app, "nergens", confirm="", by="u-beheerder")


def test_a_confirmation_is_good_for_ten_minutes_and_for_this_connection_alone(
    lis: Lis, server: OneRosterSimulator
) -> None:
    lis.connect(server)
    late, old = confirmation(lis), confirmation(lis)
    lis.pass_(seconds=VALID.total_seconds() + 1)
    with pytest.raises(Unconfirmed):
        disconnect(lis.app, SCHOOL, confirm=late, by="u-beheerder")
    old = confirmation(lis)
    server.auth.secret = "nieuw"
    lis.connect(server)
    with pytest.raises(Unconfirmed):
        disconnect(lis.app, SCHOOL, confirm=old, by="u-beheerder")


@pytest.mark.parametrize("confirm", ["ja", "-", "9" * 30, "99999999999-x", "1795420800-é", "١٢٣-a"])
def test_a_made_up_confirmation_confirms_nothing(confirm: str, lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    with pytest.raises(Unconfirmed):
        disconnect(lis.app, SCHOOL, confirm=confirm, by="u-beheerder")


def test_the_secret_is_destroyed_when_its_time_is_over(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    end(lis)
    retain(lis.app, SCHOOL)
    assert list(lis.secrets.values()) == ["disabled"]
    lis.pass_(days=31)
    assert retain(lis.app, SCHOOL).deleted["secrets"] == 1
    assert list(lis.secrets.values()) == ["destroyed"]


# ------------------------------------------------------------ coming back


def test_the_same_sis_under_another_spelling_goes_on_with_its_ledger(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server, "other", server.prefix)
    book = lis.stored.book
    end(lis)
    lis.connect(server, "other", f"{server.url}//ims/oneroster/v1p1/")
    assert (lis.stored.book, lis.stored.state, lis.stored.generation) == (book, "connected", 3)
    assert list(lis.secrets.values()) == ["disabled", "enabled"]


def test_the_same_sis_at_another_address_is_recognised_and_what_it_holds_is_told(lis: Lis) -> None:
    with sis() as server:
        lis.connect(server)
        first = lis.stored
        lis.link("3a-wi")
        for item in ("i1", "i2", "i3"):
            lis.remember("3a-wi", item, ("s1", "s2"))
        end(lis)
    known = read_books(lis.app, SCHOOL)[first.book]
    assert (known.items, known.results, known.ended) == (3, 6, lis.now)
    with sis(mount="/campus", auth=SisAuth("GOOGLE", "anders", signatures=frozenset())) as moved:
        for item in ("i1", "i2"):
            moved.school.rows["lineItems"][item] = {
                "sourcedId": item, "status": "active", "title": item, "class": {"sourcedId": "3a-wi"},
            }  # fmt: skip
        outcome = lis.connect(moved)
    assert lis.stored.book == first.book
    assert lis.stored.prefix != first.prefix
    assert outcome.reunion == Reunion(Held(3, 6), linked=1, classes=1, found=2, missing=1)
    assert {notice.code: notice.facts for notice in outcome.notices} == {
        "sis.recognised": {"items": 3, "results": 6},
        "sis.items_missing": {"missing": 1, "classes": 1},
    }
    assert read_books(lis.app, SCHOOL)[first.book].prefix == moved.prefix


def test_looking_at_the_linked_classes_of_a_slow_sis_ends_in_time(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    for number in range(5):
        lis.link("3a-wi", f"c{number}")
        lis.remember("3a-wi", f"i{number}", ("s1",), f"c{number}")
    end(lis)
    began, asked = lis.now, server.count("GET", "/lineItems")
    lis.app = replace(lis.app, now=lambda: began + timedelta(seconds=8 * (server.count("GET", "/lineItems") - asked)))
    outcome = lis.connect(server)
    assert lis.stored.connected
    assert outcome.reunion
    assert (outcome.reunion.linked, outcome.reunion.classes, outcome.reunion.missing) == (5, 2, 2)


@pytest.mark.parametrize(
    ("partner", "moved", "proved"), [("aeries", True, ""), ("aeries", False, "t1"), ("other", True, "t1")]
)
def test_who_taught_a_class_proves_it_anew_only_when_place_and_product_are_others(
    partner: str, moved: bool, proved: str, lis: Lis, server: OneRosterSimulator
) -> None:
    lis.connect(server)
    lis.link("3a-wi", teachers=(("d1", "t1"),))
    end(lis)
    with sis(mount="/lis2") as elsewhere:
        assert lis.connect(elsewhere if moved else server, partner).sis
    [(link, _)] = all_links(lis.app, SCHOOL)
    assert (link.book, link.linked_by, dict(link.teachers)) == (lis.stored.book, "d1", {"d1": proved})


def test_another_sis_begins_its_own_ledger_and_the_first_one_is_still_known_later(
    lis: Lis, server: OneRosterSimulator
) -> None:
    lis.connect(server)
    first = lis.stored.book
    with sis() as other:
        other.school.rows["orgs"].clear()
        other.school.add_org("zuid", "Zuiderlicht")
        outcome = lis.connect(other)
        assert [notice.code for notice in outcome.notices] == ["sis.another"]
        assert lis.stored.book != first
        assert outcome.reunion is None
    end(lis)
    outcome = lis.connect(server)
    assert lis.stored.book == first
    assert [notice.code for notice in outcome.notices] == ["sis.recognised"]
    assert len(read_books(lis.app, SCHOOL)) == 2


def test_a_namesake_of_the_first_school_elsewhere_is_another_sis(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    first = lis.stored.book
    with sis() as other:
        other.school.rows["orgs"]["baken"] |= {"name": "Zuiderlicht", "identifier": "02CD"}
        lis.connect(other)
    assert lis.stored.book != first


def test_a_sis_that_opened_a_school_and_later_closed_the_old_one_keeps_its_ledger(
    lis: Lis, server: OneRosterSimulator
) -> None:
    lis.connect(server)
    first = lis.stored.book
    server.school.add_org("zuid", "Zuiderlicht")
    lis.connect(server)
    server.school.edit("orgs", "baken", status="tobedeleted")
    lis.connect(server)
    assert (lis.stored.book, lis.stored.orgs) == (first, ("zuid",))


def test_a_book_that_was_lost_is_made_again_under_the_same_name(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    first = lis.stored.book
    lost = [f"schools/{SCHOOL}/sis/connection", f"schools/{SCHOOL}/sis-books/{first}"]
    lis.app.store.commit([Write(path, None) for path in lost])
    lis.connect(server)
    assert lis.stored.book == first


def test_teachers_stay_as_they_were_left_and_a_default_category_stays_with_its_sis(
    lis: Lis, server: OneRosterSimulator
) -> None:
    lis.connect(server)
    assert lis.stored.teachers_export
    keep(lis, teachers_export=False, default_category="toets", category_missing=CategoryMissing.STOP)
    end(lis)
    lis.connect(server)
    kept = lis.stored
    assert (kept.teachers_export, kept.default_category, kept.category_missing) == (False, "toets", "stop")
    with sis() as other:
        other.school.rows["orgs"]["baken"] |= {"name": "Zuiderlicht", "identifier": "02CD"}
        lis.connect(other)
    kept = lis.stored
    assert (kept.teachers_export, kept.default_category, kept.category_missing) == (False, "", "stop")


# ------------------------------------------------------------ what is saved by itself


def keep(lis: Lis, **other: object) -> None:
    lis.pass_(seconds=1)
    sis, version = read_sis(lis.app, SCHOOL)
    assert sis
    settings = Settings(sis.teachers_export, sis.default_category, sis.category_missing, sis.expires)
    save_sis(lis.app, SCHOOL, replace(settings, **other), version=version, by="u-beheerder")  # type: ignore[arg-type]


def test_teachers_are_held_off_from_the_moment_it_is_saved(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    require_teachers(lis.stored)
    keep(lis, teachers_export=False)
    with pytest.raises(NotAllowed, match=r"sis\.teachers_off"):
        require_teachers(lis.stored)
    event = lis.events[-1]
    assert (event.action, event.after) == ("sis.saved", {"Exporteren van schoolwerk en cijfers inschakelen": False})
    assert lis.stored.generation == 1
    assert partner_of(lis.stored).id == "other"


def test_a_default_category_is_one_that_the_sis_has(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    with pytest.raises(Invalid, match=r"sis\.category_unknown"):
        keep(lis, default_category="huiswerk")
    server.school.add_category("huiswerk", "Huiswerk")
    keep(lis, default_category="huiswerk")
    assert Category("huiswerk", "Huiswerk") in lis.stored.capabilities.categories
    assert lis.events[-1].after == {"Standaardcategorie": "Huiswerk"}


def test_what_was_saved_by_another_is_not_overwritten_and_saving_the_same_changes_nothing(
    lis: Lis, server: OneRosterSimulator
) -> None:
    lis.connect(server)
    _, version = read_sis(lis.app, SCHOOL)
    keep(lis)
    assert read_sis(lis.app, SCHOOL)[1] == version
    keep(lis, expires=date(2027, 8, 1))
    settings = Settings(True, "", CategoryMissing.DEFAULT, None)
    with pytest.raises(Conflict):
        save_sis(lis.app, SCHOOL, settings, version=version, by="u-ander")
    assert len(lis.events) == 2


def test_a_new_secret_ends_the_expiry_that_was_set_for_the_old_one(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    keep(lis, expires=date(2026, 12, 1))
    lis.connect(server)
    assert lis.stored.expires == date(2026, 12, 1)
    server.auth.secret = "nieuw"
    lis.connect(server)
    assert lis.stored.expires is None


def test_nothing_is_saved_of_a_sis_that_is_not_connected(lis: Lis, server: OneRosterSimulator) -> None:
    settings = Settings(True, "", CategoryMissing.DEFAULT, None)
    with pytest.raises(NotAllowed, match=r"sis\.not_connected"):
        save_sis(lis.app, SCHOOL, settings, version="", by="u-beheerder")


def test_who_is_erased_no_longer_stands_as_the_one_who_connected(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    erase(lis.app, SCHOOL, "u-beheerder", actor="u-ander")
    assert lis.stored.by == "gewist"


def test_a_reconnect_that_fails_leaves_it_disconnected(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    end(lis)
    before = read_sis(lis.app, SCHOOL)
    assert failed(lis.connect(server, secret="fout")).name == "login"
    assert read_sis(lis.app, SCHOOL) == before

"""Two independent readings of the vendor's documents, the client's and the simulator's, agree."""

from dataclasses import replace
from itertools import product

import pytest

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.webuntis import Endpoints, webuntis
from shared.domain.people import Person, Role
from shared.errors import NotAuthorized, ProfijtError, Rejected, Throttled, Unreachable
from shared.ports import WebUntisConnection
from shared.simulators.untis_wire import Dialect
from shared.simulators.webuntis import WebUntisSimulator

STUDENTS = tuple(
    Person(str(n), Role.STUDENT, f"{n:03}" if n % 7 else "", "Anna", f"de Vries-{n}", f"VriAnn{n}")
    for n in range(1, 42)
)
TEACHERS = (Person("7", Role.TEACHER, "D042", "Jan", "Bakker", "BAK"),)
SCHOOL = WebUntisConnection("demo", "het baken+zee", "tom", "6603700", "profijt", "v3", "geheim", "1")


@pytest.fixture
def untis():
    with WebUntisSimulator() as simulator:
        simulator.add_school(
            tenant_id="6603700",
            school_name="het baken+zee",
            subdomain="tom",
            client_id="profijt",
            password="geheim",
            people=STUDENTS + TEACHERS,
        )
        yield simulator


def rosters(untis: WebUntisSimulator, **limits: float):
    door = Door(PublicAndLoopback(), limits=Limits(**limits), pace=Pace(sleep=lambda _: None))
    return webuntis(door, Endpoints(untis.url, f"{untis.url}/schoolquery2", untis.url, page_size=20))


def failure(roster, role: Role = Role.STUDENT) -> ProfijtError:
    with pytest.raises(ProfijtError) as caught:
        roster.people(role)
    return caught.value


SPELLINGS = [
    {"first_name": "forename", "last_name": "longName", "key": "key", "short_name": "name"},
    {"first_name": "firstName", "key": "externalKey", "empty_key": "omitted"},
    {"list_key": "", "empty_key": "empty", "tenant_in_header": False},
    {"list_key": "data", "extra_fields": False, "tenant_in_body": False},
    {"list_key": "items"},
    {"list_key": "content", "errors": "title"},
]
PAGING = [{"first_offset": base, "page_cap": cap} for base, cap in product((0, 1), (0, 1, 7, 20, 41))]


@pytest.mark.parametrize("dialect", [{}, *SPELLINGS, *PAGING], ids=str)
@pytest.mark.parametrize("auth", ["v3", "v1"])
def test_everybody_comes_in_every_dialect(untis, dialect, auth):
    untis.dialect = Dialect(**dialect)
    roster = rosters(untis)(replace(SCHOOL, auth=auth))
    assert roster.people(Role.STUDENT) == STUDENTS
    assert roster.people(Role.TEACHER) == TEACHERS
    assert untis.count("token") == 1


def test_the_tenant_is_found_by_school_search(untis):
    untis.add_school(tenant_id="2", school_name="het baken+zee 2", subdomain="zee", client_id="profijt", password="x")
    assert rosters(untis)(replace(SCHOOL, tenant_id="")).people(Role.TEACHER) == TEACHERS


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"school_name": "het baken"}, "webuntis.school_unknown"),
        ({"subdomain": "elders"}, "webuntis.school_moved"),
        ({"tenant_id": "77"}, "webuntis.school_unknown_there"),
    ],
)
def test_wrong_settings_are_told_apart(untis, changed, code):
    assert failure(rosters(untis)(replace(SCHOOL, **{"tenant_id": ""} | changed))).code == code


def test_a_wrong_password_in_a_hundred_runs_does_not_lock_the_account(untis):
    roster_of = rosters(untis)
    for _ in range(100):
        assert failure(roster_of(replace(SCHOOL, password="fout"))).code == "webuntis.login_refused"
    assert untis.count("token") == 1
    assert roster_of(replace(SCHOOL, password_version="2")).people(Role.TEACHER) == TEACHERS


def test_a_token_revoked_before_every_second_page_loses_nobody(untis):
    untis.fail("revoked", "students", after=1, times=1)
    untis.fail("revoked", "students", after=3, times=1)
    assert rosters(untis)(SCHOOL).people(Role.STUDENT) == STUDENTS


def test_a_page_that_comes_by_half_loses_nobody(untis):
    untis.fail("partial_page", "students", times=2)
    assert rosters(untis)(SCHOOL).people(Role.STUDENT) == STUDENTS


FAULTS = [
    (("forbidden", "students"), {}, NotAuthorized, "webuntis.right_missing"),
    (("throttled", "students"), {}, Throttled, "http.throttled"),
    (("throttled", "students"), {"retry_after": "3600"}, Throttled, "http.throttled"),
    (("throttled", "token"), {}, Throttled, "http.throttled"),
    (("error", "students"), {}, Unreachable, "http.server_error"),
    (("error", "token"), {"status": 500}, Unreachable, "http.server_error"),
    (
        ("error", "students"),
        {"status": 409, "code": "TT_ONGOING_TIMETABLE_PUBLICATION"},
        Throttled,
        "webuntis.publishing",
    ),
    (("html", "students"), {}, Rejected, "http.html"),
    (("html", "token"), {}, Rejected, "http.html"),
    (("slow", "students"), {"seconds": 0.5}, Unreachable, "http.read_timeout"),
    (("drip", "students"), {"seconds": 0.05}, Unreachable, "http.deadline"),
    (("half", "students"), {}, Unreachable, "http.half_answer"),
    (("half", "token"), {}, Unreachable, "http.half_answer"),
    (("hang_up", "students"), {}, Unreachable, "http.half_answer"),
    (("redirect", "students"), {}, Rejected, "http.redirected"),
    (("redirect", "token"), {}, Rejected, "webuntis.school_moved"),
    (("gzip_bomb", "students"), {"megabytes": 64}, Rejected, "http.too_large"),
    (("wrong_tenant", "students"), {"place": "body"}, Rejected, "webuntis.wrong_tenant"),
    (("wrong_tenant", "students"), {"place": "header"}, Rejected, "webuntis.wrong_tenant"),
    (("not_a_list", "students"), {}, Rejected, "webuntis.no_list"),
]


BRIEF = {"http.read_timeout": {"read": 0.25}, "http.deadline": {"total": 0.7}}  # the others never wait for a limit


@pytest.mark.parametrize(("where", "how", "kind", "code"), FAULTS)
def test_every_fault_has_its_reaction_and_the_other_list_goes_on_where_it_can(untis, where, how, kind, code):
    untis.fail(*where, **how)
    roster = rosters(untis, **BRIEF.get(code, {}))(SCHOOL)
    err = failure(roster)
    assert (type(err), err.code) == (kind, code)
    if where[1] == "students":
        assert roster.people(Role.TEACHER) == TEACHERS
    assert untis.count("token") == 1


def test_double_and_empty_id_numbers_come_through_for_the_log_to_list(untis):
    untis.fail("duplicate_keys", "students", times=1)
    keys = [student.key for student in rosters(untis)(SCHOOL).people(Role.STUDENT)]
    assert keys[0] == keys[1] == "001"
    assert keys[6] == ""

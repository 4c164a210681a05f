"""The client at a Classroom with faults: whole lists or an error that tells who can mend it, and no token ever told."""

import logging
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from shared.adapters.classroom import classroom
from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.coursework_port import RIGHTS, ClassroomAccess
from shared.errors import Misconfigured, NotAuthorized, NotFound, ProfijtError, Rejected, Throttled, Unreachable
from shared.simulators.classroom_faults import GoogleKind
from tests.classroom_school import BACK, INGRID, KEES, VERIFIER, GoogleSchool, challenge, google_school


@pytest.fixture
def school() -> Iterator[GoogleSchool]:
    with google_school() as running:
        yield running


def failure(ask, *args, **more) -> ProfijtError:
    with pytest.raises(ProfijtError) as caught:
        ask(*args, **more)
    return caught.value


def asked(school: GoogleSchool, ending: str) -> list[dict[str, str]]:
    """The queries of all requests so far to a path that ends so."""
    return [dict(one.query) for one in school.google.seen if one.path.endswith(ending)]


# ------------------------------------------------------------ lists


def test_long_lists_are_read_to_their_end_however_small_google_makes_its_pages(school: GoogleSchool) -> None:
    for nth in range(30):
        school.google.school.enroll(school.maths, f"l{nth}@baken.example", "Leerling", str(nth))
    works = [school.google.school.add_work(school.maths, f"SO {nth}", points=10) for nth in range(9)]
    for work in works:
        school.google.school.give(school.maths, work, school.yusuf, 8)
    school.google.page_cap = 7
    found = school.coursework().gradings(f"classroom:{school.maths}")
    assert (len(found.students), len(found.works), len(found.grades)) == (32, 9, 9)
    assert len(asked(school, "/studentSubmissions")) == -(-32 * 9 // 7)


def test_a_course_costs_four_requests(school: GoogleSchool) -> None:
    school.google.school.add_work(school.maths, "SO")
    coursework = school.coursework()
    before = len(school.google.seen)
    coursework.gradings(f"classroom:{school.maths}")
    paths = [one.path.rpartition("/")[2] for one in list(school.google.seen)[before:]]
    assert paths == ["token", "courses", "students", "courseWork", "studentSubmissions"]


def test_the_grading_period_of_a_work_is_told_by_its_name(school: GoogleSchool) -> None:
    google, maths = school.google.school, school.maths
    second = google.add_period(maths, "Periode 2", date(2026, 11, 1), date(2027, 1, 31))
    google.add_work(maths, "SO", gradingPeriodId=second)
    google.add_work(maths, "PO", gradingPeriodId="gewist")
    works = school.coursework().gradings(f"classroom:{maths}").works
    assert {work.title: work.period for work in works} == {"SO": "Periode 2", "PO": ""}


@pytest.mark.parametrize("how", ["forbidden", "api_disabled"])
def test_a_school_whose_licence_does_not_tell_grading_periods_does_without(school: GoogleSchool, how: str) -> None:
    google, maths = school.google.school, school.maths
    google.add_work(maths, "SO", gradingPeriodId=google.add_period(maths, "P2", date(2026, 11, 1), date(2027, 1, 31)))
    school.google.fail(how, path="/gradingPeriodSettings")
    [work] = school.coursework().gradings(f"classroom:{maths}").works
    assert work.period == ""


def test_only_running_courses_that_this_person_teaches_are_asked_for(school: GoogleSchool) -> None:
    school.coursework().courses()
    [query] = asked(school, "/courses")
    assert (query["teacherId"], query["courseStates"]) == ("me", "ACTIVE")


def test_no_photos_answers_or_comments_of_students_are_asked_for(school: GoogleSchool) -> None:
    work = school.google.school.add_work(school.maths, "SO")
    school.google.school.give(school.maths, work, school.yusuf, 8)
    school.coursework().gradings(f"classroom:{school.maths}")
    for ending, secret in (("/students", "photoUrl"), ("/studentSubmissions", "assignmentSubmission")):
        [query] = asked(school, ending)
        assert query["fields"].startswith("nextPageToken,")
        assert secret not in query["fields"]


def test_a_list_that_never_ends_is_refused(school: GoogleSchool) -> None:
    coursework = school.coursework()
    school.google.fail("same_page", path="/students")
    assert failure(coursework.gradings, f"classroom:{school.maths}").code == "classroom.list_incomplete"


@pytest.mark.parametrize("course", ["closed", "dutch"])
def test_a_course_that_is_over_or_anothers_is_unknown_also_to_an_administrator(
    school: GoogleSchool, course: str
) -> None:
    account = school.google.school.account(INGRID)
    assert account
    account.admin = True  # whom Google would show every course
    err = failure(school.coursework().gradings, f"classroom:{getattr(school, course)}")
    assert (type(err), err.code) == (NotFound, "course.unknown")


@pytest.mark.parametrize("course", ["", "classroom:", "classroom:../userProfiles/me", "profijt:3a-wi", "640123"])
def test_what_is_no_course_is_unknown_and_never_part_of_an_address(school: GoogleSchool, course: str) -> None:
    assert failure(school.coursework().gradings, course).code == "course.unknown"
    assert all(".." not in one.path for one in school.google.seen)


# ------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("kind", "how", "error", "code"),
    [
        ("throttled", {}, Throttled, "http.throttled"),
        ("rate_limited", {}, Throttled, "http.throttled"),
        ("error", {}, Unreachable, "http.server_error"),
        ("error", {"status": 503}, Unreachable, "http.server_error"),
        ("hang_up", {}, Unreachable, "http.half_answer"),
        ("half", {}, Unreachable, "http.half_answer"),
        ("html", {"status": 200}, Rejected, "http.html"),
        ("html", {"status": 502}, Unreachable, "http.server_error"),
        ("api_disabled", {}, NotAuthorized, "classroom.api_off"),
        ("service_disabled", {}, NotAuthorized, "classroom.not_enabled"),
        ("forbidden", {}, NotAuthorized, "classroom.right_missing"),
    ],
)
def test_each_fault_has_its_own_cause(
    school: GoogleSchool, kind: GoogleKind, how: dict[str, int], error: type, code: str
) -> None:
    coursework = school.coursework()
    school.google.fail(kind, path="/v1/", **how)
    err = failure(coursework.courses)
    assert (type(err), err.code) == (error, code)


@pytest.mark.parametrize("kind", ["throttled", "error", "hang_up", "half"])
def test_a_fault_of_the_moment_is_outlived(school: GoogleSchool, kind: GoogleKind) -> None:
    coursework = school.coursework()
    school.google.fail(kind, path="/v1/", times=2)
    assert len(coursework.courses()) == 1


def test_a_wait_that_google_asks_for_is_kept_to_and_told(school: GoogleSchool) -> None:
    waits: list[float] = []
    door = Door(PublicAndLoopback(), limits=Limits(read=5), pace=Pace(sleep=waits.append))
    coursework = school.coursework(door=door)
    school.google.fail("throttled", path="/v1/", retry_after="7", times=1)
    coursework.courses()
    assert [wait >= 7 for wait in waits] == [True]
    school.google.fail("throttled", path="/v1/", retry_after="90")
    err = failure(coursework.courses)
    assert isinstance(err, Throttled)
    assert err.retry_after == 90


def test_who_is_too_slow_is_given_up_on(school: GoogleSchool) -> None:
    coursework = school.coursework(door=Door(PublicAndLoopback(), limits=Limits(read=0.2, tries=1)))
    coursework.courses()
    school.google.fail("delay", path="/v1/", seconds=2)
    assert failure(coursework.courses).code == "http.read_timeout"


# ------------------------------------------------------------ tokens


def test_one_token_serves_many_questions_and_many_threads(school: GoogleSchool) -> None:
    coursework = school.coursework()
    before = school.google.oauth.tokens_given
    with ThreadPoolExecutor(8) as pool:
        assert len({tuple(found) for found in pool.map(lambda _: coursework.courses(), range(16))}) == 1
    assert school.google.oauth.tokens_given == before + 1


def test_a_token_that_died_is_renewed_once(school: GoogleSchool) -> None:
    coursework = school.coursework()
    coursework.courses()
    school.google.fail("revoked", path="/v1/", times=1)
    assert len(coursework.courses()) == 1
    school.google.fail("revoked", path="/v1/")
    assert failure(coursework.courses).code == "classroom.consent_ended"


def test_a_consent_that_was_taken_back_is_told_as_that(school: GoogleSchool) -> None:
    coursework = school.coursework()
    coursework.courses()
    school.google.oauth.revoke(INGRID)
    err = failure(coursework.courses)
    assert (type(err), err.code) == (NotAuthorized, "classroom.consent_ended")


def test_two_people_never_share_a_token(school: GoogleSchool) -> None:
    make = classroom(school.door, place=school.place, client=school.client(), key=None)
    for email, name in ((INGRID, "Wiskunde 3A"), (KEES, "Nederlands 3B"), (INGRID, "Wiskunde 3A")):
        access = ClassroomAccess("demo", email, school.consent(email).refresh_token, "1")
        assert [each.name for each in make(access).courses()] == [name]


def test_a_client_secret_that_google_refuses_is_ours_to_mend(school: GoogleSchool) -> None:
    token = school.consent().refresh_token
    make = classroom(school.door, place=school.place, client=school.client("verkeerd"), key=None)
    assert failure(make(ClassroomAccess("demo", INGRID, token)).courses).code == "classroom.client_refused"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("error", "http.server_error"),
        ("throttled", "http.throttled"),
        ("html", "http.server_error"),
        ("half", "http.half_answer"),
    ],
)
def test_a_token_endpoint_in_trouble_is_trouble_of_the_moment(
    school: GoogleSchool, kind: GoogleKind, code: str
) -> None:
    coursework = school.coursework()
    school.google.fail(kind, path="/token")
    assert failure(coursework.courses).code == code
    school.google.faults.clear()
    assert coursework.courses()


def test_without_any_client_or_key_nothing_is_tried(school: GoogleSchool) -> None:
    make = classroom(school.door, place=school.place, client=None, key=None)
    for token, variable in (("1//x", "GOOGLE_CLIENT_ID"), ("", "GOOGLE_DELEGATION_SECRET")):
        err = failure(make(ClassroomAccess("demo", INGRID, token)).courses)
        assert (type(err), err.facts) == (Misconfigured, {"variable": variable})


# ------------------------------------------------------------ delegation


def test_the_service_account_reads_as_the_teacher_it_stands_in_for(school: GoogleSchool) -> None:
    school.google.oauth.delegated |= set(RIGHTS)
    assert [each.name for each in school.delegated(KEES).courses()] == ["Nederlands 3B"]
    assert [each.name for each in school.delegated(INGRID).courses()] == ["Wiskunde 3A"]


@pytest.mark.parametrize("rights", [set(), set(RIGHTS[:-1])])
def test_what_the_school_did_not_delegate_is_told_as_that(school: GoogleSchool, rights: set[str]) -> None:
    school.google.oauth.delegated |= rights
    assert failure(school.delegated().courses).code == "classroom.delegation_refused"


def test_who_has_no_account_at_the_school_is_nobody_to_stand_in_for(school: GoogleSchool) -> None:
    school.google.oauth.delegated |= set(RIGHTS)
    assert failure(school.delegated("weg@baken.example").courses).code == "classroom.delegation_refused"


@pytest.mark.parametrize("key", ["", "{}", "[]", '{"client_email": "x", "private_key": "geheim"}'])
def test_a_key_that_is_none_is_the_operators_to_mend_and_is_not_quoted(school: GoogleSchool, key: str) -> None:
    make = classroom(school.door, place=school.place, client=None, key=lambda: key)
    with pytest.raises(Misconfigured) as caught:
        make(ClassroomAccess("demo", INGRID)).courses()
    assert "geheim" not in "".join(traceback.format_exception(caught.value))


# ------------------------------------------------------------ consent


def test_a_consent_tells_whose_it_is_and_what_it_allows(school: GoogleSchool) -> None:
    consent = school.consent()
    assert (consent.email, consent.scopes) == (INGRID, set(RIGHTS))
    assert consent.refresh_token not in repr(consent)


def test_the_page_is_asked_for_offline_access_and_a_proof_of_who_comes_back(school: GoogleSchool) -> None:
    address = school.desk().address(state="klein.x", challenge=challenge(VERIFIER), login_hint=INGRID)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert (asked["access_type"], asked["prompt"], asked["login_hint"]) == ("offline", "consent", INGRID)
    assert (asked["state"], asked["redirect_uri"], asked["response_type"]) == ("klein.x", BACK, "code")
    assert all(scope.endswith(("readonly", "emails")) for scope in asked["scope"].split()[2:])


@pytest.mark.parametrize("missing", [["profile.emails"], ["rosters.readonly", "coursework.students.readonly"]])
def test_rights_that_were_unticked_are_named(school: GoogleSchool, missing: list[str]) -> None:
    err = failure(school.consent, without=missing)
    assert (type(err), err.code, err.facts["rights"]) == (
        NotAuthorized,
        "classroom.rights_not_given",
        ",".join(missing),
    )


def test_a_right_that_comes_back_as_another_is_missing(school: GoogleSchool) -> None:
    base = "https://www.googleapis.com/auth/classroom."
    school.google.oauth.swaps[base + "coursework.students.readonly"] = base + "student-submissions.students.readonly"
    assert failure(school.consent).facts["rights"] == "coursework.students.readonly"


def test_a_code_is_worth_something_once(school: GoogleSchool) -> None:
    desk = school.desk()
    address = desk.address(state="s", challenge=challenge(VERIFIER))
    code = dict(parse_qsl(urlsplit(school.google.oauth.consent(address, INGRID)).query))["code"]
    assert desk.redeem(code, VERIFIER).email == INGRID
    assert failure(desk.redeem, code, VERIFIER).code == "classroom.consent_refused"


def test_a_code_without_its_verifier_is_worth_nothing(school: GoogleSchool) -> None:
    err = failure(school.consent, verifier="een-andere-verifier-van-ruim-voldoende-lengte-01")
    assert (type(err), err.code) == (NotAuthorized, "classroom.consent_refused")


def test_consent_at_a_client_google_does_not_know_is_ours_to_mend(school: GoogleSchool) -> None:
    assert failure(school.desk("verkeerd").redeem, "4/x", VERIFIER).code == "classroom.client_refused"


def test_a_code_is_sent_once_whatever_happens(school: GoogleSchool) -> None:
    school.google.fail("error", path="/token", status=503)
    assert failure(school.desk().redeem, "4/x", VERIFIER).code == "http.server_error"
    assert len(asked(school, "/token")) == 1


def test_revoking_ends_it_and_may_be_repeated(school: GoogleSchool) -> None:
    token = school.consent().refresh_token
    school.desk().revoke(token)
    assert not school.google.oauth.allows(INGRID)
    school.desk().revoke(token)
    school.google.fail("error", path="/revoke")
    assert failure(school.desk().revoke, token).code == "http.server_error"


# ------------------------------------------------------------ what is never told


def test_no_token_code_or_address_of_a_person_is_in_a_log_or_an_error(
    school: GoogleSchool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    consent = school.consent()
    access = ClassroomAccess("demo", INGRID, consent.refresh_token, "1")
    coursework = classroom(school.door, place=school.place, client=school.client(), key=None)(access)
    coursework.gradings(f"classroom:{school.maths}")
    errors: list[BaseException] = []
    for kind in ("throttled", "error", "forbidden", "html", "half"):
        school.google.fail(kind, path="/v1/", times=3)  # type: ignore[arg-type]
        errors.append(failure(coursework.courses))
    school.google.oauth.revoke(INGRID)
    errors.append(failure(coursework.courses))
    told = "".join("".join(traceback.format_exception(err)) for err in errors) + repr(access)
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    secrets = [consent.refresh_token, INGRID, "yusuf@", "Yılmaz", "ya29.", school.google.oauth.client_secret, "4/"]
    assert [secret for secret in secrets if secret in told + logged] == []
    assert "token from Google" in logged

"""The client and a SIS that misbehaves: nothing doubled, nothing believed that was not read back, the cause told."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.adapters.oneroster import oneroster
from shared.adapters.oneroster.oauth2 import Tokens
from shared.domain.gradebook import item_differences
from shared.errors import NotAuthorized, ProfijtError, Rejected, Throttled, Unreachable
from shared.gradebook_port import SisRejected
from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.oneroster_partners import SIMULATED_PARTNERS
from shared.simulators.oneroster_school import Quirks
from tests.sis_school import ITEM, PACE, RESULT, connection, gradebook, sis

SECURITIES = pytest.mark.parametrize("security", ["oauth2", "HMAC-SHA1", "HMAC-SHA256"])


@pytest.fixture
def server():
    with sis() as running:
        yield running


def failure(ask, *args, **more) -> ProfijtError:
    with pytest.raises(ProfijtError) as caught:
        ask(*args, **more)
    return caught.value


# ------------------------------------------------------------ who we are


@SECURITIES
def test_a_wrong_secret_is_told_as_that_and_asked_no_more_than_needed(
    server: OneRosterSimulator, security: str
) -> None:
    err = failure(gradebook(server, "1.1", security, secret="fout").login)
    assert isinstance(err, NotAuthorized)
    assert err.code == "oneroster.credentials_refused"
    assert sum(server.asked.values()) <= 2  # a signature once; for a token, Basic and then the form


@SECURITIES
def test_a_read_that_is_repeated_is_signed_anew(server: OneRosterSimulator, security: str) -> None:
    book = gradebook(server, "1.1", security)
    server.fail("error", method="GET", path="/orgs", times=2, status=503)
    assert book.orgs()
    sent = [one.headers["authorization"] for one in server.seen if one.path.endswith("/orgs")]
    assert len(sent) == 3
    assert len(set(sent)) == (1 if security == "oauth2" else 3)


def test_a_signature_method_that_the_sis_does_not_know_is_not_exchanged_by_itself(server: OneRosterSimulator) -> None:
    server.auth.signatures = frozenset({"HMAC-SHA1"})
    assert failure(gradebook(server, "1.1", "HMAC-SHA256").login).code == "oneroster.credentials_refused"
    gradebook(server, "1.1", "HMAC-SHA1").login()


def test_a_signature_that_is_refused_while_the_clocks_differ_is_told_as_that(server: OneRosterSimulator) -> None:
    server.auth.clock = lambda: (datetime.now(UTC)).timestamp()
    pace = Pace(now=lambda: datetime.now(UTC) + timedelta(minutes=10), sleep=lambda _: None)
    book = oneroster(Door(PublicAndLoopback()), pace)(connection(server, "1.1", "HMAC-SHA1"))
    err = failure(book.login)
    assert (err.code, err.facts["minutes"]) == ("oneroster.clock_skew", 10)


def test_a_token_is_asked_once_and_once_more_when_it_has_died(server: OneRosterSimulator) -> None:
    book = gradebook(server)
    book.orgs()
    book.students("3a-wi")
    assert server.auth.tokens_given == 1
    server.fail("revoked", times=1, path="/orgs")
    assert book.orgs()
    assert server.auth.tokens_given == 2


def test_a_new_token_that_is_refused_as_well_is_not_followed_by_a_third(server: OneRosterSimulator) -> None:
    server.fail("revoked", path="/orgs")
    assert failure(gradebook(server).orgs).code == "oneroster.credentials_refused"
    assert server.auth.tokens_given == 2


@pytest.mark.parametrize(
    "known",
    [
        {"roster.readonly", "gradebook.readonly", "gradebook.createput"},
        {"roster-core.readonly", "gradebook.readonly", "gradebook.createput"},
        set(),
    ],
    ids=["roster", "roster-core", "none"],  # never a set's text: its order differs from process to process
)
def test_fewer_scopes_are_asked_when_the_sis_does_not_know_them_all(
    server: OneRosterSimulator, known: set[str]
) -> None:
    prefix = "https://purl.imsglobal.org/spec/or/v1p1/scope/"
    server.auth.known_scopes = frozenset(prefix + name for name in known)
    book = gradebook(server)
    book.login()
    asked = server.count("POST")
    server.auth.revoke()
    book.login()
    assert server.count("POST") == asked + 1  # what worked is remembered


@pytest.mark.parametrize("path", ["/oauth/token", "/api/oauth/token", "/oauth/rest/v2.0/auth", "/api/token"])
def test_a_token_address_is_found_on_the_same_host(server: OneRosterSimulator, path: str) -> None:
    server.auth.token_paths = frozenset({path})
    where = connection(server, token_url="")
    tokens = Tokens(Door(PublicAndLoopback()))
    assert tokens.get(where)
    assert tokens.url(where) == server.url + path


def test_a_token_address_that_is_nowhere_is_told_as_that(server: OneRosterSimulator) -> None:
    server.auth.token_paths = frozenset({"/ergens/anders"})
    assert failure(gradebook(server, token_url="").login).code == "oneroster.token_url_unknown"
    assert failure(gradebook(server, token_url=f"{server.url}/fout").login).code == "oneroster.token_url_unknown"


def test_a_wrong_secret_ends_the_search_for_a_token_address(server: OneRosterSimulator) -> None:
    assert failure(gradebook(server, token_url="", secret="fout").login).code == "oneroster.credentials_refused"


def test_a_sis_that_reads_credentials_from_the_form_alone_gets_them_there(server: OneRosterSimulator) -> None:
    server.auth.credentials = frozenset({"form"})
    gradebook(server).login()


def test_a_redirect_is_not_followed_with_a_signature(server: OneRosterSimulator) -> None:
    server.fail("redirect")
    err = failure(gradebook(server, "1.1", "HMAC-SHA1").login)
    assert isinstance(err, Rejected)
    assert err.code == "http.redirected"


def test_tokens_are_kept_of_the_last_five_hundred_connections(server: OneRosterSimulator) -> None:
    tokens = Tokens(Door(PublicAndLoopback()))
    where = connection(server)
    assert tokens.get(where)
    for number in range(500):
        assert tokens.scopes(replace(where, secret_version=f"v{number}")) == ()
    assert tokens.get(where)
    assert server.auth.tokens_given == 2


def test_neither_key_nor_secret_is_in_what_a_connection_shows(server: OneRosterSimulator) -> None:
    server.auth.key, server.auth.secret = "sleutel-zichtbaar", "geheim-zichtbaar"
    assert "zichtbaar" not in repr(connection(server))


def test_threads_that_need_a_token_at_once_ask_for_one(server: OneRosterSimulator) -> None:
    book = gradebook(server)
    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(lambda _: book.orgs(), range(8)))) == 8
    assert server.auth.tokens_given == 1


@pytest.mark.parametrize("name", SIMULATED_PARTNERS)
def test_an_item_and_a_result_get_to_every_partner(name: str) -> None:
    partner = SIMULATED_PARTNERS[name]
    with sis(partner.quirks, mount=partner.mount, versions=partner.versions, auth=partner.auth()) as server:
        security = next(iter(server.auth.signatures), "oauth2")
        book = gradebook(server, "1.1", security, token_url="")
        assert book.login() == ("" if security != "oauth2" else server.url + min(server.auth.token_paths))
        mine = book.classes(book.teacher("i.devries@baken.example"))
        assert "3a-wi" in {one.id for one in mine}
        assert {one.id for one in book.categories("3a-wi")} & {"so", "toets"}
        assert {one.id for one in book.grading_periods(mine[0])} == {"p1", "p2"}
        item = book.put_line_item(ITEM, known=()).item
        book.put_result(item, RESULT)
        assert [one.score for one in book.results(item)] == [7.5]
        assert server.school.created == {"lineItems": 1, "results": 1}


_FAULTS = st.lists(
    st.sampled_from(
        ["error", "error_after", "hang_up", "hang_up_after", "stores_nothing", "failure_inside", "revoked", "throttled"]
    ),
    max_size=4,
)


@settings(max_examples=30, deadline=None)
@given(_FAULTS, _FAULTS, st.sampled_from([Quirks(), Quirks(own_ids=True), Quirks(own_ids=True, tells_own_ids=False)]))
def test_whatever_fails_and_however_often_there_is_one_item_and_one_result(
    item_faults: list, result_faults: list, quirks: Quirks
) -> None:
    """One who writes only what reading does not show, as an export does, doubles nothing and loses nothing."""
    with sis(quirks) as server:
        book = gradebook(server)
        for kind in item_faults:
            server.fail(kind, method="PUT", path="lineItems", times=1, status=503)
        for kind in result_faults:
            server.fail(kind, method="PUT", path="results", times=1, status=503)
        while not (items := book.line_items("3a-wi")):
            with suppress(ProfijtError):
                book.put_line_item(ITEM, known=())
        while not (results := book.results(items[0])):
            with suppress(ProfijtError):
                book.put_result(items[0], replace(RESULT, line_item=items[0].id))
        assert item_differences(ITEM, items[0]) == ()
        assert [(one.student, one.score) for one in results] == [("s1", 7.5)]
        assert server.school.created == {"lineItems": 1, "results": 1}


# ------------------------------------------------------------ failures of a read


@pytest.mark.parametrize(
    ("fault", "kind", "code", "asked"),
    [
        ({"kind": "throttled"}, Throttled, "http.throttled", 4),
        ({"kind": "error", "status": 503}, Unreachable, "http.server_error", 4),
        ({"kind": "html", "status": 500}, Unreachable, "http.server_error", 2),
        ({"kind": "html", "status": 200}, Rejected, "http.html", 1),
        ({"kind": "hang_up"}, Unreachable, "http.half_answer", 4),
        ({"kind": "half"}, Unreachable, "http.half_answer", 4),
        ({"kind": "forbidden"}, NotAuthorized, "oneroster.right_missing", 1),
        ({"kind": "failure_inside"}, SisRejected, "oneroster.refused", 1),
    ],
    ids=str,
)
def test_a_read_is_repeated_as_often_as_helps_and_then_told(
    server: OneRosterSimulator, fault: dict, kind: type, code: str, asked: int
) -> None:
    server.fail(**fault, path="/orgs")
    err = failure(gradebook(server).orgs)
    assert isinstance(err, kind)
    assert err.code == code
    assert server.count("GET", "/orgs") == asked


def test_a_list_under_a_key_that_nobody_knows_is_not_an_empty_list(server: OneRosterSimulator) -> None:
    server.quirks = Quirks(list_keys="unknown")
    assert failure(gradebook(server).orgs).code == "oneroster.unexpected_shape"


def test_a_next_page_that_points_back_ends_in_an_error(server: OneRosterSimulator) -> None:
    server.quirks = Quirks(page_cap=1, total=False)
    server.fail("same_link")
    assert failure(gradebook(server).students, "3a-wi").code == "oneroster.list_incomplete"


def test_a_total_of_the_page_does_not_make_half_a_list_of_a_whole_one(server: OneRosterSimulator) -> None:
    server.quirks = Quirks(page_cap=1, total_of_page=True)
    assert len(gradebook(server).students("3a-wi")) == 2


@pytest.mark.parametrize("filters", ["work", "unquoted"])
def test_categories_are_found_by_a_filter_with_and_without_quotes(server: OneRosterSimulator, filters: str) -> None:
    server.quirks = Quirks(categories="filter", filters=filters)
    assert [one.id for one in gradebook(server).categories("3a-wi")] == ["so"]


def test_a_next_page_elsewhere_is_not_asked_for_and_the_list_is_whole_all_the_same(server: OneRosterSimulator) -> None:
    server.quirks = Quirks(page_cap=1)
    server.fail("foreign_link")
    assert len(gradebook(server).students("3a-wi")) == 2


def test_a_sis_that_ignores_offsets_and_holds_some_back_is_found_out(server: OneRosterSimulator) -> None:
    server.quirks = Quirks(page_cap=1, link=False, ignores_offset=True)
    assert failure(gradebook(server).students, "3a-wi").code == "oneroster.list_incomplete"


def test_a_sis_that_ignores_offsets_but_gives_all_at_once_is_believed(server: OneRosterSimulator) -> None:
    server.quirks = Quirks(link=False, total=False, ignores_offset=True)
    assert len(gradebook(server).students("3a-wi")) == 2


# ------------------------------------------------------------ failures of a write


@pytest.mark.parametrize("kind", ["error_after", "hang_up_after", "half"])
def test_an_item_whose_answer_was_lost_is_confirmed_by_reading(server: OneRosterSimulator, kind: str) -> None:
    server.fail(kind, method="PUT", path="lineItems", times=1, status=503)
    if kind == "half":
        server.quirks = Quirks(put_body=True)
    assert item_differences(ITEM, gradebook(server).put_line_item(ITEM, known=()).item) == ()
    assert server.count("PUT") == 1
    assert server.school.created["lineItems"] == 1


@pytest.mark.parametrize("kind", ["error", "hang_up"])
def test_an_item_that_never_arrived_is_not_sent_again_by_itself(server: OneRosterSimulator, kind: str) -> None:
    server.fail(kind, method="PUT", times=1, status=503)
    book = gradebook(server)
    assert isinstance(failure(book.put_line_item, ITEM, known=()), Unreachable)
    assert (server.count("PUT"), server.school.created["lineItems"]) == (1, 0)
    book.put_line_item(ITEM, known=())
    assert server.school.created["lineItems"] == 1


def test_a_write_that_failed_with_a_wish_to_wait_is_looked_up_as_well(server: OneRosterSimulator) -> None:
    server.fail("error_after", method="PUT", times=1, status=503, retry_after="2")
    assert gradebook(server).put_line_item(ITEM, known=()).item.id == ITEM.id
    assert server.school.writes["PUT", "lineItems"] == 1


def test_a_change_whose_answer_was_lost_before_it_arrived_is_not_believed(server: OneRosterSimulator) -> None:
    book = gradebook(server)
    book.put_line_item(ITEM, known=())
    server.fail("hang_up", method="PUT", times=1)
    changed = replace(ITEM, title="SO H4")
    assert isinstance(failure(book.put_line_item, changed, known={ITEM.id}), Unreachable)


def test_a_sis_that_stores_nothing_is_found_out(server: OneRosterSimulator) -> None:
    book = gradebook(server)
    server.fail("stores_nothing")
    assert failure(book.put_line_item, ITEM, known=()).code == "oneroster.not_kept"
    server.faults.clear()
    item = book.put_line_item(ITEM, known=()).item
    server.fail("stores_nothing")
    book.put_result(item, RESULT)
    assert book.results(item) == ()
    stale = book.put_line_item(replace(ITEM, title="SO H4"), known={ITEM.id})
    assert item_differences(replace(ITEM, title="SO H4"), stale.item) == ("title",)


@pytest.mark.parametrize("tells", [True, False])
def test_an_item_that_gets_another_id_is_found_under_that(server: OneRosterSimulator, tells: bool) -> None:
    server.quirks = Quirks(own_ids=True, tells_own_ids=tells)
    book = gradebook(server, "1.2")
    kept = book.put_line_item(ITEM, known=()).item
    assert kept.id != ITEM.id
    again = book.put_line_item(replace(kept, title="SO H4"), known={kept.id}).item
    assert (again.id, server.school.created["lineItems"]) == (kept.id, 1)
    sent = book.put_result(again, replace(RESULT, line_item=again.id))
    (found,) = book.results(again)
    assert (sent.id == found.id) is tells


def test_a_twin_that_was_there_before_is_not_taken_for_ours(server: OneRosterSimulator) -> None:
    """A SIS that gives own ids, keeps nothing this time, and has an item of the teacher's own that looks the same."""
    server.quirks = Quirks(own_ids=True, tells_own_ids=False)
    book = gradebook(server)
    twin = book.put_line_item(ITEM, known=()).item
    server.fail("stores_nothing")
    assert failure(book.put_line_item, replace(ITEM, id="nieuw"), known={twin.id}).code == "oneroster.not_kept"


def test_an_item_that_was_deleted_and_whose_id_is_refused_is_told_as_deleted(server: OneRosterSimulator) -> None:
    book = gradebook(server)
    book.put_line_item(ITEM, known=())
    server.school.edit("lineItems", ITEM.id, status="tobedeleted")
    server.quirks = Quirks(revives=False)
    assert failure(book.put_line_item, ITEM, known=()).code == "oneroster.deleted_there"
    server.quirks = Quirks()
    server.fail("stores_nothing")
    assert failure(book.put_line_item, ITEM, known=()).code == "oneroster.deleted_there"


def test_a_write_is_sent_again_only_when_the_sis_was_too_busy_to_take_it(server: OneRosterSimulator) -> None:
    server.fail("throttled", method="PUT", times=2, retry_after="1")
    gradebook(server).put_line_item(ITEM, known=())
    assert (server.count("PUT"), server.school.writes["PUT", "lineItems"]) == (3, 1)


def test_a_result_whose_answer_was_lost_is_told_and_is_there_when_read(server: OneRosterSimulator) -> None:
    book = gradebook(server)
    item = book.put_line_item(ITEM, known=()).item
    server.fail("hang_up_after", method="PUT", times=1)
    assert isinstance(failure(book.put_result, item, RESULT), Unreachable)
    assert [one.score for one in book.results(item)] == [7.5]
    assert server.school.writes["PUT", "results"] == 1


def test_a_failure_inside_a_200_is_a_failure_with_the_words_of_the_sis(server: OneRosterSimulator) -> None:
    book = gradebook(server)
    item = book.put_line_item(ITEM, known=()).item
    server.fail("failure_inside", method="PUT")
    err = failure(book.put_result, item, RESULT)
    assert isinstance(err, SisRejected)
    assert (err.code, err.facts["minor"], err.said) == ("oneroster.refused", "invaliddata", "not kept")


def test_a_polite_message_about_what_was_made_is_no_failure(server: OneRosterSimulator) -> None:
    server.quirks = Quirks(put_message=True)
    book = gradebook(server)
    kept = book.put_line_item(ITEM, known=())
    assert (kept.said, book.put_result(kept.item, RESULT).said) == ("", "")


def test_a_warning_beside_the_data_is_passed_on(server: OneRosterSimulator) -> None:
    server.fail("warning_inside")
    assert gradebook(server).put_line_item(ITEM, known=()).said == "kept, but look at it"


@pytest.mark.parametrize(
    ("quirks", "changed", "cuts"),
    [
        (Quirks(title_limit=30), {"title": "x" * 31}, False),
        (Quirks(title_limit=30, cuts_titles=True), {"title": "x" * 31}, True),
        (Quirks(whole_maximum=True), {"maximum": 10.5}, False),
        (Quirks(due_required=True, strict=False), {"due": None}, False),
        (Quirks(), {"category": "weg"}, False),
        (Quirks(), {"grading_period": "p1"}, False),
    ],
    ids=str,
)
def test_limits_of_a_partner_are_told_and_a_cut_title_is_seen(
    server: OneRosterSimulator, quirks: Quirks, changed: dict, cuts: bool
) -> None:
    server.quirks = quirks
    server.school.closed_periods = {"p1"}
    wanted = replace(ITEM, **changed)
    if cuts:
        assert item_differences(wanted, gradebook(server).put_line_item(wanted, known=()).item) == ("title",)
    else:
        err = failure(gradebook(server).put_line_item, wanted, known=())
        assert isinstance(err, SisRejected)
        assert err.code == "oneroster.refused"
        assert err.said


def test_a_class_of_thirty_costs_one_request_per_result_and_one_to_read_them_back(server: OneRosterSimulator) -> None:
    for number in range(30):
        server.school.add_student(f"x{number}", f"x{number}@baken.example", "3a-wi")
    book = gradebook(server)
    item = book.put_line_item(ITEM, known=()).item
    before = sum(server.asked.values())
    for number in range(30):
        book.put_result(item, replace(RESULT, id=f"r{number}", student=f"x{number}"))
    assert len(book.results(item)) == 30
    assert sum(server.asked.values()) - before == 31


def test_no_answer_in_time_is_told_as_that(server: OneRosterSimulator) -> None:
    server.fail("delay", path="/orgs", seconds=3.0)
    book = oneroster(Door(PublicAndLoopback(), limits=Limits(read=0.1)), PACE)(connection(server))
    assert failure(book.orgs).code == "http.read_timeout"


def test_no_secret_and_no_person_is_in_the_text_of_an_error(server: OneRosterSimulator) -> None:
    server.quirks = Quirks(errors="flat")
    book = gradebook(server)
    item = book.put_line_item(ITEM, known=()).item
    err = failure(book.put_result, item, replace(RESULT, student="s3"))
    shown = f"{err} {err!r} {connection(server)!r} {RESULT!r}"
    assert "geheim" not in shown
    assert "7.5" not in shown
    assert "belong" not in str(err)


# ------------------------------------------------------------ rights, as the token tells them


@pytest.mark.parametrize(
    ("granted", "may"),
    [
        (None, True),
        ("https://purl.imsglobal.org/spec/or/v1p1/scope/gradebook.createput", True),
        ("https://purl.imsglobal.org/spec/or/v1p1/scope/gradebook.readonly roster.readonly", False),
        ("gradebook.createput", True),
        ("alles", None),
        ("oneroster.api", None),
    ],
)
def test_whether_we_may_write_is_what_the_granted_rights_say(
    granted: str | None, may: bool | None, server: OneRosterSimulator
) -> None:
    server.auth.granted = granted
    book = gradebook(server)
    assert book.may_write() is None
    book.login()
    assert book.may_write() is may


def test_a_web_page_where_tokens_should_be_is_no_token_address(server: OneRosterSimulator) -> None:
    server.fail("html", path="/fout", status=200)
    found = failure(gradebook(server, token_url=f"{server.url}/fout").login)
    assert (found.code, found.facts["host"]) == ("oneroster.token_url_unknown", "127.0.0.1")

"""Connecting a SIS: every partner in every spelling, every failure by its step, and nothing kept unless it works."""

import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shared.adapters.http import Door, Pace, Public, PublicAndLoopback
from shared.adapters.oneroster import oneroster
from shared.domain.gradebook import Category
from shared.errors import Conflict, Invalid, NotFound, Throttled, Unreachable
from shared.flows.connect_sis import Form, authorize
from shared.flows.sis import expiry, open_sis, read_credentials
from shared.flows.survey_sis import NAMES
from shared.ports import Write
from shared.simulators.oneroster import OneRosterSimulator
from shared.simulators.oneroster_auth import SisAuth
from shared.simulators.oneroster_partners import SIMULATED_PARTNERS
from shared.simulators.oneroster_school import Quirks
from tests.counting_store import CountingStore
from tests.lis import SCHOOL, Lis, failed, school_without_sis
from tests.sis_school import PACE, sis

OURS = {name: name if name != "blackbaud" else "other" for name in SIMULATED_PARTNERS}
SHA1 = {"signatures": frozenset({"HMAC-SHA1"}), "oauth2": False, "token_paths": frozenset()}
SHA256 = {"signatures": frozenset({"HMAC-SHA256"}), "oauth2": False, "token_paths": frozenset()}
OAUTH2 = {"signatures": frozenset()}


@pytest.fixture
def lis(tmp_path: Path) -> Iterator[Lis]:
    with school_without_sis(tmp_path) as found:
        yield found


@pytest.fixture
def server() -> Iterator[OneRosterSimulator]:
    """A SIS on /api that takes every signature and gives tokens."""
    with sis(auth=SisAuth(key="GOOGLE")) as found:
        yield found


def nothing_kept(lis: Lis) -> bool:
    return lis.stored is None and lis.secrets == {} and lis.events == ()


# ------------------------------------------------------------ partners and spellings

SPELLINGS = ["{prefix}", "{prefix}/", "{prefix}//ims/oneroster/v1p1/", "{prefix}/ims/oneroster/rostering/v1p2"]


@pytest.mark.parametrize("name", SIMULATED_PARTNERS)
def test_every_partner_connects_under_every_spelling_to_one_and_the_same(name: str, lis: Lis) -> None:
    partner = SIMULATED_PARTNERS[name]
    with sis(partner.quirks, mount=partner.mount, versions=partner.versions, auth=partner.auth()) as server:
        spellings = [spelling.format(prefix=server.prefix) for spelling in SPELLINGS]
        if partner.mount in ("/api", "/aeries"):  # what the partner is known for may be left out
            spellings.append(server.url)
        for spelling in spellings:
            outcome = lis.connect(server, OURS[name], spelling.replace("http://127", "HTTP://127"))
            assert [step for step in outcome.steps if step.bars] == []
            assert outcome.sis == lis.stored
            assert (lis.stored.prefix, lis.stored.generation) == (server.prefix, 1)
    assert len(lis.secrets) == 1


def test_what_was_found_out_is_kept_with_the_connection(lis: Lis, server: OneRosterSimulator) -> None:
    server.school.edit("categories", "so", status="tobedeleted")
    outcome = lis.connect(server, "skyward")
    assert [step.name for step in outcome.steps] == list(NAMES)
    assert {step.result for step in outcome.steps} == {"ok"}
    found = lis.stored
    assert (found.partner, found.version, found.security) == ("skyward", "1.1", "oauth2")
    assert found.token_url == f"{server.url}/oauth/token"
    assert (found.orgs, found.org_names) == (("baken",), ("Het Baken",))
    assert found.capabilities.writes is True
    assert found.capabilities.categories == (Category("toets", "Toetsen"),)
    assert found.capabilities.open_periods == ("Periode 1",)
    assert (found.by, found.since, found.teachers_export) == ("u-beheerder", lis.now, True)
    _, gradebook = open_sis(lis.app, SCHOOL)
    assert [org.id for org in gradebook.orgs()] == ["baken"]


@pytest.mark.parametrize(("signs", "by"), [(SHA1, "HMAC-SHA1"), (SHA256, "HMAC-SHA256"), (OAUTH2, "oauth2")])
def test_a_sis_that_is_not_listed_is_let_in_by_whatever_it_takes(signs: dict[str, object], by: str, lis: Lis) -> None:
    with sis(auth=SisAuth(**signs)) as server:
        lis.connect(server, "other", server.url)
        assert (lis.stored.prefix, lis.stored.security) == (server.prefix, by)


def test_a_sis_that_speaks_both_versions_is_spoken_to_in_the_newer_when_it_is_not_listed(lis: Lis) -> None:
    with sis(auth=SisAuth(**OAUTH2)) as server:
        lis.connect(server, "other")
    assert lis.stored.version == "1.2"


def test_infinite_campus_is_signed_with_sha1_and_its_credentials_expire_in_a_year(lis: Lis) -> None:
    partner = SIMULATED_PARTNERS["infinite-campus"]
    with sis(partner.quirks, mount=partner.mount, versions=partner.versions, auth=partner.auth()) as server:
        lis.connect(server, "infinite-campus")
    assert (lis.stored.security, lis.stored.expires) == ("HMAC-SHA1", date(2027, 11, 23))
    warned = {days: expiry(lis.stored, date(2027, 11, 23) - timedelta(days=days)) for days in (31, 30, 0, -1)}
    codes = {days: problem.code if problem else "" for days, problem in warned.items()}
    assert codes == {31: "", 30: "sis.expires_soon", 0: "sis.expires_soon", -1: "sis.expired"}


def test_skywards_key_is_used_in_capitals_and_that_is_told(lis: Lis) -> None:
    with sis(auth=SIMULATED_PARTNERS["skyward"].auth()) as server:
        outcome = lis.connect(server, "skyward", key=" google\n")
    assert [notice.code for notice in outcome.notices] == ["sis.key_upper_case"]
    assert read_credentials(lis.app, SCHOOL, lis.stored.secret_version).key == "GOOGLE"


def test_a_verificatie_url_is_asked_and_no_other(lis: Lis) -> None:
    auth = SisAuth(**OAUTH2, token_paths=frozenset({"/verborgen/plek"}))
    with sis(auth=auth) as server:
        assert failed(lis.connect(server)).code == "sis.no_way_in"
        server.seen.clear()
        lis.connect(server, token_url=f"{server.url}//verborgen/plek")
        assert lis.stored.token_url == f"{server.url}/verborgen/plek"
        assert {request.path for request in server.seen if request.method == "POST"} == {"/verborgen/plek"}


# ------------------------------------------------------------ T34 and other failures, each by its step

WRONG = "fout-geheim"


@pytest.mark.parametrize("name", SIMULATED_PARTNERS)
def test_a_wrong_secret_is_told_as_that_by_every_partner_and_nothing_is_kept(name: str, lis: Lis) -> None:
    partner = SIMULATED_PARTNERS[name]
    with sis(partner.quirks, mount=partner.mount, versions=partner.versions, auth=partner.auth()) as server:
        step = failed(lis.connect(server, OURS[name], secret=WRONG))
    assert (step.name, step.code) == ("login", "oneroster.credentials_refused")
    assert nothing_kept(lis)


@pytest.mark.parametrize(("signs", "tokens"), [(OAUTH2, 2), ({}, 2), (SHA1, 0), (SHA256, 0)])
def test_a_wrong_secret_is_offered_once_in_each_way(signs: dict[str, object], tokens: int, lis: Lis) -> None:
    with sis(mount="", auth=SisAuth(**signs)) as server:
        lis.connect(server, "other", secret=WRONG)
        headers = [request.headers.get("authorization", "") for request in server.seen]
        signed = [header for header in headers if header.startswith("OAuth ")]
        asked = [request for request in server.seen if request.path in server.auth.token_paths]
    assert len(signed) == 2  # one by each method
    assert len(asked) == tokens  # by Basic and by form


WORDLESS = [("skyward", "/api/oauth/token", 2), ("aspen", "/oauth/rest/v2.0/auth", 2), ("other", "/oauth/token", 2)]


@pytest.mark.parametrize(("partner", "path", "most"), WORDLESS)
def test_a_wrong_secret_is_offered_once_in_each_way_where_it_is_refused_without_a_word(
    partner: str, path: str, most: int, lis: Lis
) -> None:
    auth = SisAuth("GOOGLE", **OAUTH2, token_paths=frozenset({path}), wordless=True)
    with sis(auth=auth) as server:
        step = failed(lis.connect(server, partner, secret=WRONG))
        offers = [
            (request.path, request.headers.get("authorization", "").partition(" ")[0])
            for request in server.seen
            if request.method == "POST"
        ]
    assert len(offers) == len(set(offers))
    assert [where for where, _ in offers].count(path) == most
    if partner != "other":  # of which it is not known where it gives tokens
        assert (step.name, step.code, len(offers)) == ("login", "oneroster.credentials_refused", 2)
    assert nothing_kept(lis)


def test_a_right_secret_gets_in_where_a_wrong_one_is_refused_without_a_word(lis: Lis) -> None:
    for partner, path, _ in WORDLESS:
        auth = SisAuth("GOOGLE", **OAUTH2, token_paths=frozenset({path}), credentials=frozenset({"form"}))
        auth.wordless = True
        with sis(auth=auth) as server:
            assert lis.connect(server, partner).sis, partner


def test_clocks_that_differ_are_told_with_the_minutes(lis: Lis) -> None:
    with sis(auth=SisAuth(**SHA1)) as server:
        server.auth.clock = lambda: datetime.now(UTC).timestamp()
        ahead = Pace(now=lambda: datetime.now(UTC) + timedelta(minutes=10), sleep=lambda _: None)
        lis.app = replace(lis.app, gradebook=oneroster(Door(PublicAndLoopback()), ahead))
        step = failed(lis.connect(server, "infinite-campus"))
    assert (step.name, step.code, step.facts["minutes"]) == ("login", "oneroster.clock_skew", 10)
    assert nothing_kept(lis)


def test_a_host_that_answers_and_is_no_oneroster_is_told_as_that(lis: Lis, server: OneRosterSimulator) -> None:
    for partner in ("skyward", "infinite-campus", "other"):
        step = failed(lis.connect(server, partner, f"{server.url}/elders"))
        assert (step.name, step.code) == ("oneroster", "sis.no_oneroster"), partner
    assert nothing_kept(lis)


def test_a_token_address_that_is_not_found_is_told_as_that(lis: Lis) -> None:
    with sis(auth=SisAuth("GOOGLE", **OAUTH2, token_paths=frozenset({"/verborgen"}))) as server:
        step = failed(lis.connect(server, "skyward"))
        assert (step.name, step.code) == ("login", "oneroster.token_url_unknown")
        step = failed(lis.connect(server, "skyward", token_url=f"{server.url}/fout"))
        assert (step.name, step.code) == ("login", "oneroster.token_url_unknown")
        step = failed(lis.connect(server, "other"))
        assert (step.name, step.code) == ("login", "sis.no_way_in")
    assert nothing_kept(lis)


def test_a_sis_that_is_switched_off_is_an_address_that_is_not_reached(lis: Lis) -> None:
    with sis() as server:
        pass
    outcome = lis.connect(server)
    assert (failed(outcome).name, failed(outcome).code) == ("address", "http.connect")
    assert {step.result for step in outcome.steps[1:]} == {"skipped"}


def test_a_token_host_that_is_not_reached_says_nothing_of_the_sis(lis: Lis, server: OneRosterSimulator) -> None:
    outcome = lis.connect(server, token_url="http://localhost:9/token")
    assert (failed(outcome).name, failed(outcome).code) == ("login", "http.connect")
    assert outcome.steps[0].result == "skipped"


FAULTS = [
    ({"kind": "html", "status": 200}, "oneroster", "sis.no_oneroster"),
    ({"kind": "error", "status": 500}, "oneroster", "http.server_error"),
    ({"kind": "hang_up"}, "address", "http.half_answer"),
    ({"kind": "half"}, "address", "http.half_answer"),
    ({"kind": "delay", "seconds": 3.0}, "address", "http.read_timeout"),
    ({"kind": "throttled"}, "login", "http.throttled"),
    ({"kind": "redirect"}, "oneroster", "http.redirected"),
    ({"kind": "forbidden"}, "teachers", "oneroster.right_missing"),
]


@pytest.mark.parametrize(("fault", "step", "code"), FAULTS, ids=str)
def test_whatever_is_the_matter_is_told_by_its_step(fault: dict[str, object], step: str, code: str, lis: Lis) -> None:
    with sis(mount="", auth=SisAuth(**SHA1)) as server:
        server.fail(**fault, path="/teachers")  # type: ignore[arg-type]
        found = failed(lis.connect(server, "infinite-campus"))
        assert (found.name, found.code) == (step, code)
        assert nothing_kept(lis)


READS = {
    "/orgs": "orgs",
    "/classes": "classes",
    "/students": "students",
    "/lineItems": "line_items",
    "/results": "results",
}


@pytest.mark.parametrize("path", READS)
def test_a_right_that_an_export_needs_and_that_is_missing_keeps_the_school_out(path: str, lis: Lis) -> None:
    with sis() as server:
        server.school.rows["lineItems"]["i1"] = {
            "sourcedId": "i1", "status": "active", "title": "SO", "class": {"sourcedId": "3a-wi"},
        }  # fmt: skip
        server.fail("forbidden", method="GET", path=path)
        outcome = lis.connect(server)
        barring = [step.name for step in outcome.steps if step.bars]
        assert READS[path] in barring
        assert nothing_kept(lis)


@pytest.mark.parametrize(("path", "step"), [("/categories", "categories"), ("/gradingPeriods", "periods")])
def test_what_an_export_can_do_without_is_told_and_does_not_bar(path: str, step: str, lis: Lis) -> None:
    with sis() as server:
        server.fail("forbidden", method="GET", path=path)
        outcome = lis.connect(server)
    assert {each.name: each.result for each in outcome.steps}[step] == "failed"
    assert lis.stored.connected


def test_a_day_without_an_open_period_is_told(lis: Lis, server: OneRosterSimulator) -> None:
    lis.pass_(days=300)
    found = {step.name: step.code for step in lis.connect(server).steps}
    assert found["periods"] == "sis.no_open_period"
    assert lis.stored.capabilities.open_periods == ()


def test_a_key_that_may_only_read_is_not_kept(lis: Lis) -> None:
    reads = {"roster-core.readonly", "roster.readonly", "gradebook.readonly"}
    auth = SisAuth("GOOGLE", **OAUTH2)
    with sis(auth=auth, versions=frozenset({"1.1"})) as server:
        lis.connect(server, "skyward")
        assert lis.stored.capabilities.writes is True
        granted = " ".join(f"https://purl.imsglobal.org/spec/or/v1p1/scope/{scope}" for scope in reads)
        auth.granted = granted
        step = failed(lis.connect(server, "skyward", secret=auth.secret))
    assert (step.name, step.code) == ("writes", "sis.may_not_write")


def test_a_sis_without_schools_cannot_be_recognised_and_is_not_kept(lis: Lis, server: OneRosterSimulator) -> None:
    server.school.rows["orgs"].clear()
    assert (failed(lis.connect(server)).name, failed(lis.connect(server)).code) == ("orgs", "sis.no_orgs")
    assert nothing_kept(lis)


def test_a_sis_without_classes_yet_is_connected_and_that_is_told(lis: Lis, server: OneRosterSimulator) -> None:
    server.school.rows["classes"].clear()
    outcome = lis.connect(server)
    told = {step.name: (step.result, step.code) for step in outcome.steps}
    assert told["classes"] == ("skipped", "sis.no_classes")
    assert lis.stored.connected


@pytest.mark.parametrize("quirks", [Quirks(errors="message"), Quirks(list_keys="endpoint"), Quirks(categories="class")])
def test_the_ways_in_which_sises_differ_do_not_keep_a_school_out(quirks: Quirks, lis: Lis) -> None:
    with sis(quirks) as server:
        assert lis.connect(server).sis


def test_a_sis_that_is_too_slow_for_all_addresses_is_told_as_that(lis: Lis) -> None:
    with sis(auth=SisAuth(**OAUTH2)) as server:
        app = lis.app

        def slow() -> datetime:
            lis.pass_(seconds=15)
            return lis.now

        lis.app = replace(app, now=slow)
        step = failed(lis.connect(server, "other", f"{server.url}/elders"))
    assert (step.name, step.code) == ("oneroster", "sis.took_too_long")


# ------------------------------------------------------------ T32: addresses that are never called

PUBLIC_IP = "93.184.216.34"
GUARDED = {
    "http://lis.baken.nl": "address.not_https",
    "https://169.254.169.254/computeMetadata/v1": "address.ip_literal",
    "https://localhost/api": "address.host_name",
    "http://localhost:8080/api": "address.not_https",
    "http://127.0.0.1/api": "address.not_https",
    "https://2130706433/": "address.ip_literal",
    "https://0x7f.1/": "address.ip_literal",
    "https://0177.0.0.1": "address.ip_literal",
    "https://[::1]/": "address.ip_literal",
    "https://127。0。0。1/": "address.ip_literal",
    "https://metadata.google.internal/": "address.host_name",
    "https://lis.baken.nl:22/": "address.port",
    "https://lis.baken.nl:8443/api": "address.port",
}


class Dialled(list[str]):
    """The addresses that a connection was made to, all of which refuse."""

    def __call__(self, address: str, port: int, seconds: float) -> socket.socket:
        self.append(f"{address}:{port}")
        raise OSError("refused")


def guarded(lis: Lis, *answers: str) -> Dialled:
    """The production's rule about addresses, for a name that resolves to each of `answers` in turn."""
    dialled, found = Dialled(), list(answers or (PUBLIC_IP,))
    rule = Public(lambda host: [found.pop(0) if len(found) > 1 else found[0]])
    lis.app = replace(lis.app, gradebook=oneroster(Door(rule, pace=PACE, dial=dialled), PACE))
    return dialled


@pytest.mark.parametrize("typed", GUARDED, ids=lambda url: url.encode("unicode_escape").decode())
def test_an_address_that_may_not_be_called_is_refused_before_anything_is_dialled(typed: str, lis: Lis) -> None:
    dialled = guarded(lis)
    with sis() as server:
        outcome = lis.connect(server, "other", typed)
    assert (failed(outcome).name, failed(outcome).code) == ("address", GUARDED[typed])
    assert dialled == []
    assert nothing_kept(lis)


@pytest.mark.parametrize("typed", GUARDED, ids=lambda url: url.encode("unicode_escape").decode())
def test_a_verificatie_url_is_guarded_as_the_host_is(typed: str, lis: Lis) -> None:
    dialled = guarded(lis)
    with sis() as server:
        outcome = lis.connect(server, "skyward", "https://lis.baken.nl", token_url=typed)
    assert failed(outcome).code == GUARDED[typed]
    assert dialled == []


def test_a_name_that_leads_inside_is_refused(lis: Lis) -> None:
    dialled = guarded(lis, "10.0.0.7")
    with sis() as server:
        assert failed(lis.connect(server, "other", "https://lis.baken.nl")).code == "address.not_public"
    assert dialled == []


def test_a_name_that_leads_inside_at_the_second_look_is_dialled_only_where_it_was_public(lis: Lis) -> None:
    dialled = guarded(lis, PUBLIC_IP, "127.0.0.1")
    with sis() as server:
        lis.connect(server, "infinite-campus", "https://lis.baken.nl")
        assert server.asked == {}
    assert dialled == [f"{PUBLIC_IP}:443"]


def test_a_name_that_nobody_knows_is_told_as_that(lis: Lis) -> None:
    def unknown(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    lis.app = replace(lis.app, gradebook=oneroster(Door(Public(unknown), pace=PACE), PACE))
    with sis() as server:
        step = failed(lis.connect(server, "other", "https://lis.baken.nl"))
    assert (step.name, step.code, step.facts["host"]) == ("address", "http.dns", "lis.baken.nl")


def test_a_server_without_a_certificate_fails_at_tls_with_its_address_reached(
    lis: Lis, server: OneRosterSimulator
) -> None:
    port = int(server.url.rpartition(":")[2])
    door = Door(
        Public(lambda host: [PUBLIC_IP]),
        pace=PACE,
        dial=lambda address, _, seconds: socket.create_connection(("127.0.0.1", port), timeout=seconds),
    )
    lis.app = replace(lis.app, gradebook=oneroster(door, PACE))
    outcome = lis.connect(server, "other", "https://lis.baken.nl")
    assert (failed(outcome).name, failed(outcome).code) == ("tls", "http.tls")
    assert [step.result for step in outcome.steps[:3]] == ["ok", "failed", "skipped"]
    assert server.asked == {}


def test_a_redirect_is_not_followed(lis: Lis, server: OneRosterSimulator) -> None:
    with sis() as inside:
        server.fail("redirect")
        step = failed(lis.connect(server))
        assert (step.code, step.facts["to"]) == ("http.redirected", "elders.example")
        assert inside.asked == {}


@pytest.mark.parametrize("typed", ["https://[foo", "https://lis.nl:99999", "https://lis.nl:abc", "https://a℀b.nl"])
def test_a_mistyped_host_is_refused_at_its_field(typed: str, lis: Lis, server: OneRosterSimulator) -> None:
    for form in ({"host_url": typed}, {"token_url": typed}):
        with pytest.raises(Invalid) as caught:
            lis.connect(server, **form)
        assert caught.value.faults[0].code in ("address.malformed", "address.port")


@pytest.mark.parametrize("typed", ["https://admin:geheim@lis.baken.nl", "https://" + "a" * 10_240, "https://x?y"])
def test_what_is_no_host_url_is_refused_at_its_field_without_a_turn(typed: str, lis: Lis) -> None:
    with sis() as server:
        for _ in range(6):
            with pytest.raises(Invalid) as caught:
                lis.connect(server, "other", typed)
            assert "geheim" not in str(caught.value)


# ------------------------------------------------------------ kept once, switched in one step


def test_the_same_form_again_changes_nothing_at_all(lis: Lis, server: OneRosterSimulator) -> None:
    first = lis.connect(server)
    written = lis.app.store.get(f"schools/{SCHOOL}/sis/connection")
    again = lis.connect(server, "other", f"{server.url}//ims/oneroster/v1p1/")
    assert again.sis == first.sis
    assert lis.app.store.get(f"schools/{SCHOOL}/sis/connection") == written
    assert len(lis.events) == len(lis.secrets) == 1


def test_a_new_secret_is_tried_and_switched_and_the_old_one_put_out_of_use(
    lis: Lis, server: OneRosterSimulator
) -> None:
    lis.connect(server)
    before = lis.stored
    server.auth.secret = "nieuw-geheim"
    lis.connect(server)
    assert list(lis.secrets.values()) == ["disabled", "enabled"]
    assert (lis.stored.book, lis.stored.generation) == (before.book, before.generation + 1)
    assert read_credentials(lis.app, SCHOOL, lis.stored.secret_version).secret == "nieuw-geheim"
    with pytest.raises(NotFound):
        read_credentials(lis.app, SCHOOL, before.secret_version)


def test_a_new_secret_that_is_refused_leaves_everything_as_it_was(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    before, secrets = lis.stored, lis.secrets
    outcome = lis.connect(server, secret=WRONG)
    assert outcome.sis is None
    assert (lis.stored, lis.secrets, len(lis.events)) == (before, secrets, 1)
    assert open_sis(lis.app, SCHOOL)[1].orgs()


def test_what_somebody_else_connected_meanwhile_is_not_overwritten(lis: Lis, server: OneRosterSimulator) -> None:
    lis.connect(server)
    path = f"schools/{SCHOOL}/sis/connection"
    store = lis.app.store

    def asked_in_between(connection: object) -> object:
        data = store.get(path).data  # type: ignore[union-attr]
        store.commit([Write(path, data | {"by": f"u-{len(server.seen)}"})])
        return gradebook(connection)  # type: ignore[arg-type]

    gradebook = lis.app.gradebook
    server.auth.secret = "nieuw-geheim"
    lis.app = replace(lis.app, gradebook=asked_in_between)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        lis.connect(server)
    assert list(lis.secrets.values()) == ["enabled", "destroyed"]


def test_a_store_that_is_away_at_the_end_does_not_cost_a_secret_that_may_be_in_use(
    lis: Lis, server: OneRosterSimulator
) -> None:
    class Away(CountingStore):
        def commit(self, writes: Sequence[Write]) -> tuple[str, ...]:
            done = super().commit(writes)
            if any(write.path.endswith("sis/connection") for write in writes):
                raise Unreachable("store.unreachable", service="store")
            return done

    lis.app = replace(lis.app, store=Away(lis.app.store))
    with pytest.raises(Unreachable):
        lis.connect(server)
    assert list(lis.secrets.values()) == ["enabled"]
    assert open_sis(lis.app, SCHOOL)[1].orgs()


def test_a_school_may_try_a_few_times_a_minute(lis: Lis, server: OneRosterSimulator) -> None:
    form = Form("other", server.prefix, server.auth.key, WRONG)
    for _ in range(4):
        authorize(lis.app, SCHOOL, form, by="u1")
    asked = len(server.seen)
    with pytest.raises(Throttled) as caught:
        authorize(lis.app, SCHOOL, form, by="u1")
    assert caught.value.retry_after == 60
    assert len(server.seen) == asked
    lis.pass_(seconds=61)
    authorize(lis.app, SCHOOL, form, by="u1")


@pytest.mark.parametrize(
    ("over", "pointer", "code"),
    [
        ({"partner": "magister"}, "/partner", "partner.unknown"),
        ({"partner": "capita-sims"}, "/partner", "sis.not_connectable"),
        ({"key": " "}, "/toegangssleutel", "sis.field_empty"),
        ({"secret": ""}, "/geheimeCode", "sis.field_empty"),
        ({"token_url": "https://x y"}, "/verificatieUrl", "address.malformed"),
    ],
)
def test_a_form_that_cannot_be_tried_points_at_its_field(
    over: dict[str, str], pointer: str, code: str, lis: Lis, server: OneRosterSimulator
) -> None:
    with pytest.raises(Invalid) as caught:
        lis.connect(server, **over)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [(pointer, code)]
    assert server.asked == {}


def test_neither_key_nor_secret_stands_in_what_is_stored_or_told(lis: Lis, server: OneRosterSimulator) -> None:
    server.auth.key, server.auth.secret = "sleutel-zichtbaar", "geheim-zichtbaar"
    outcome = lis.connect(server)
    told = repr((outcome, lis.stored, lis.events, lis.app.store.query(f"schools/{SCHOOL}/sis-books").documents))
    assert "zichtbaar" not in told
    assert "zichtbaar" not in repr(Form("other", server.prefix, server.auth.key, server.auth.secret))

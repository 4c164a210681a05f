"""SIS partners are data: a file is a partner, and a file that is wrong is refused by name."""

import re
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from shared.domain.causes import CAUSES
from shared.domain.partner import Auth, Need, Partner, Status, Text, Words
from shared.errors import Misconfigured
from shared.flows.sis_partners import partner_of, partners, read_partners

SHIPPED = Path(str(files("shared.domain") / "partners"))
SKYWARD = (SHIPPED / "skyward.toml").read_text()
BY_ID = {partner.id: partner for partner in partners()}
INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)


def texts(partner: Partner) -> list[Text]:
    return [partner.next_step, partner.contact.name, *partner.steps, *partner.notes]


def test_the_five_of_the_status_table_come_first_and_other_last() -> None:
    assert [(each.id, each.status.value, each.licence) for each in partners()] == [
        ("infinite-campus", "available", "Campus Learning"),
        ("skyward", "available", "LMS API"),
        ("capita-sims", "contact", ""),
        ("aspen", "pilot", ""),
        ("aeries", "contact", ""),
        ("other", "contact", ""),
    ]


def test_a_new_partner_is_a_file_and_no_code(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "partners")
    new = SKYWARD.replace('name = "Skyward 2.0"', 'name = "Magister"').replace("rank = 2", "rank = 6")
    (tmp_path / "partners/magister.toml").write_text(new)
    (tmp_path / "partners/LEESMIJ.md").write_text("no partner")
    found = read_partners(tmp_path / "partners")
    assert [each.id for each in found] == [*list(BY_ID)[:5], "magister", "other"]
    assert found[5] == replace(BY_ID["skyward"], id="magister", name="Magister", rank=6)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("title = 49", "title = '49'", "limits.title"),
        ("title = 49", "titel = 49", "title"),
        ("comment = 0", "comment = 0\ncomments = 9", "limits.comments"),
        ("deletes = false", "deletes = false\nretries = 3", "quirks.retries"),
        ('version = "1.1"', 'version = "1.1"\ntoken = "/x"', "services.token"),
        ('auth = ["oauth2-basic"]', 'auth = ["oauth3"]', "oauth3"),
        ('status = "available"', 'status = "soon"', "soon"),
        ('"limits.comment", ', '"limits.remark", ', "limits.remark"),
        ('nl = "Skyward-support"', "", "nl"),
        ("rank = 2", "rank = ", "line 2"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_what_is_wrong(before: str, after: str, says: str) -> None:
    assert before in SKYWARD
    with pytest.raises(Misconfigured) as told:
        partner_of("skyward", SKYWARD.replace(before, after, 1).encode())
    assert told.value.code == "partner.unreadable"
    assert told.value.facts["file"] == "skyward.toml"
    assert says in str(told.value.facts["what"])
    assert "skyward.toml" in CAUSES[told.value.code].sentence("nl", told.value.facts)


@pytest.mark.parametrize("identifier", ["Skyward", "sky ward", "-sky", "sky/ward", ""])
def test_a_file_name_that_cannot_stand_in_an_address_is_refused(identifier: str) -> None:
    with pytest.raises(Misconfigured, match=r"partner\.unreadable"):
        partner_of(identifier, SKYWARD.encode())


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(Misconfigured, match=r"partner\.unreadable"):
        partner_of("skyward", SKYWARD.replace("Skyward 2.0", "Skywárd").encode("latin-1"))


@pytest.mark.parametrize("partner", partners(), ids=lambda partner: partner.id)
def test_every_text_is_there_in_both_languages_and_says_u(partner: Partner) -> None:
    for text in texts(partner):
        assert text.nl.strip()
        assert text.en.strip()
        assert not INFORMAL.search(text.nl)


@pytest.mark.parametrize("partner", partners(), ids=lambda partner: partner.id)
def test_whoever_can_be_connected_says_how_and_by_what_words(partner: Partner) -> None:
    if partner.services:
        assert partner.steps
        assert all((partner.words.host_url, partner.words.key, partner.words.secret))
    else:
        assert partner.words == Words("", "", "")
        assert partner.status is Status.CONTACT


@pytest.mark.parametrize("partner", partners(), ids=lambda partner: partner.id)
def test_available_names_the_licence_it_takes(partner: Partner) -> None:
    assert bool(partner.licence) is (partner.status is Status.AVAILABLE)


@pytest.mark.parametrize("partner", partners(), ids=lambda partner: partner.id)
def test_every_way_to_sign_with_oauth2_has_a_place_to_ask_for_a_token(partner: Partner) -> None:
    for service in partner.services:
        assert service.auth
        assert service.prefixes
        assert service.version == "1.1" or not {Auth.OAUTH1_SHA1, Auth.OAUTH1_SHA256} & set(service.auth)
        if {Auth.OAUTH2_BASIC, Auth.OAUTH2_BODY} & set(service.auth):
            assert service.tokens
        for place in (*service.prefixes, *service.tokens):
            assert re.fullmatch(r"(\{base\})?(/([^{}\s]|\{app\})+(?<!/))?", place), place


@pytest.mark.parametrize("partner", partners(), ids=lambda partner: partner.id)
def test_where_the_sources_are_silent_the_strictest_reading_holds(partner: Partner) -> None:
    silent = {name for name in BY_ID["other"].unknown if name.startswith("limits.")} & set(partner.unknown)
    if "limits" in partner.unknown:
        silent = {f"limits.{name}" for name in ("title", "unique_titles", "whole_maximum", "comment")}
    strictest = {
        "limits.title": min(each.limits.title for each in partners()),
        "limits.unique_titles": True,
        "limits.whole_maximum": True,
        "limits.due_in_open_period": True,
        "limits.comment": 0,
    }
    for name in silent:
        assert getattr(partner.limits, name.removeprefix("limits.")) == strictest[name], name


def test_infinite_campus_wants_a_due_date_and_signs_with_sha1_first() -> None:
    partner = BY_ID["infinite-campus"]
    assert partner.services[0].auth[0] is Auth.OAUTH1_SHA1
    assert (partner.limits.due_date_required, partner.limits.category) == (True, Need.IGNORED)
    assert partner.quirks.credential_days == 365
    assert partner.words == Words(
        "OneRoster Base URL (Host URL)", "Consumer key (OAuth key)", "Consumer secret (OAuth secret)"
    )


def test_skyward_is_tried_with_and_without_api_and_asks_for_a_token_address() -> None:
    partner = BY_ID["skyward"]
    assert partner.services[0].prefixes == ("/api", "")
    assert partner.words.token_url == "Authentication URL"
    assert partner.limits.title < 50
    assert (partner.limits.whole_maximum, partner.limits.category) == (True, Need.OPTIONAL)
    assert partner.quirks.upper_case_key

"""An upload of users: good rows are stored, bad rows are listed by place, and no BSN ever gets in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.user_rows import LIMIT, Rows, from_csv, from_json
from shared.domain.people import Role
from shared.errors import Invalid

BENJAMIN = {"id": "u1", "rol": "leerling", "voornaam": "Benjamin", "achternaam": "Bauer", "nummer": "067"}


TELLING = ("users.columns", "users.csv_broken", "users.header", "users.not_utf8", "users.bsn_refused")


def upload(*rows: dict[str, object]) -> Rows:
    return from_json(list(rows))


def codes(rows: Rows) -> list[tuple[int, str]]:
    return [(number, fault.code) for number, _, fault in rows.refused]


def test_a_leading_zero_survives_json_and_csv() -> None:
    told = upload(BENJAMIN)
    written = from_csv(b"id;rol;voornaam;achternaam;nummer\r\nu1;leerling;Benjamin;Bauer;067\r\n")
    assert told.users[0].number == written.users[0].number == "067"
    assert told.users == written.users


@pytest.mark.parametrize(
    "text",
    [
        "﻿id;rol;voornaam;achternaam\nu1;docent;Özge;Yıldız\n",
        "id,rol,voornaam,achternaam\nu1,docent,Özge,Yıldız\n",
        'ID;Rol;Voornaam;Achternaam\r\n"u1";"docent";"Özge";"Yıldız"\r\n\r\n',
    ],
    ids=["byte order mark", "commas", "quotes, capitals and an empty line"],
)
def test_csv_is_read_as_excel_and_others_write_it(text: str) -> None:
    [user] = from_csv(text.encode()).users
    assert (user.role, user.first_name, user.last_name) == (Role.TEACHER, "Özge", "Yıldız")


@pytest.mark.parametrize(
    "name",
    [
        "bsn",
        "BSN",
        "bsn_nummer",
        "Burgerservicenummer",
        "burger-service-nummer",
        "sofinummer",
        "PGN",
        "leerlingBsn",
        "leerling_bsn_nr",
    ],
)
def test_a_bsn_refuses_the_whole_upload_by_its_name_and_never_shows_the_value(name: str) -> None:
    for read in (
        lambda: upload(BENJAMIN, BENJAMIN | {"id": "u2", name: "123456782"}),
        lambda: from_csv(f"id;rol;voornaam;achternaam;{name}\nu1;leerling;B;B;123456782\n".encode()),
    ):
        with pytest.raises(Invalid, match=r"users\.bsn_refused") as refused:
            read()
        assert "123456782" not in str(refused.value)
        assert str(refused.value.facts["field"]).casefold() == "".join(filter(str.isalpha, name.casefold()))


def test_a_value_in_a_field_name_is_not_repeated() -> None:
    with pytest.raises(Invalid) as refused:
        upload(BENJAMIN | {"bsn 123456782": ""})
    assert "123456782" not in str(refused.value)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (BENJAMIN | {"nummer": 67}, "users.not_text"),
        (BENJAMIN | {"nummer": ["067"]}, "users.not_text"),
        (BENJAMIN | {"geslacht": "m"}, "users.fields"),
        (BENJAMIN | {"rol": "ouder"}, "users.role"),
        (BENJAMIN | {"voornaam": "x" * 500}, "users.too_long"),
        (BENJAMIN | {"voornaam": "", "achternaam": "  "}, "users.empty"),
        (BENJAMIN | {"voornaam": "Ben\x1b[31mjamin"}, "users.control"),
        (BENJAMIN | {"id": ""}, "users.id"),
        (BENJAMIN | {"id": "../andere/school"}, "users.id"),
        (BENJAMIN | {"id": "__id__"}, "users.id"),
        (BENJAMIN | {"id": "x" * 129}, "users.id"),
        (BENJAMIN | {"actief": "misschien"}, "users.active"),
        ({"rol": "leerling", "voornaam": "Zonder", "achternaam": "Id"}, "users.id"),
    ],
)
def test_one_bad_row_is_listed_and_the_others_go_on(row: dict[str, object], code: str) -> None:
    rows = upload({**BENJAMIN, "id": "voor"}, row, {**BENJAMIN, "id": "na"})
    assert [user.id for user in rows.users] == ["voor", "na"]
    assert codes(rows) == [(2, code)]


def test_the_same_id_twice_refuses_both_rows() -> None:
    rows = upload(BENJAMIN, {**BENJAMIN, "voornaam": "Een ander"}, {**BENJAMIN, "id": "u2"})
    assert [user.id for user in rows.users] == ["u2"]
    assert codes(rows) == [(1, "users.twice"), (2, "users.twice")]


def test_a_user_who_left_is_told_by_actief_nee() -> None:
    assert upload(BENJAMIN | {"actief": False}, {**BENJAMIN, "id": "u2", "actief": "nee"}).removed == ("u1", "u2")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"id;rol;voornaam\nu1;leerling;B\n", "users.header"),
        (b"id;rol;voornaam;achternaam;schoenmaat\n", "users.columns"),
        (b"id;id;rol;voornaam;achternaam\n", "users.columns"),
        (b'id;rol;voornaam;achternaam\nu1;leerling;"B;B\n', "users.csv_broken"),
        ("id;rol;voornaam;achternaam\nu1;leerling;Zoë;Bauer".encode("latin-1"), "users.not_utf8"),
        (b"", "users.header"),
        (b"PK\x03\x04\x00\x00", "users.not_utf8"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_whole(text: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        from_csv(text)
    assert refused.value.code == code


def test_a_row_with_too_few_cells_is_listed() -> None:
    rows = from_csv(b"id;rol;voornaam;achternaam\nu1;leerling\nu2;leerling;B;B\n")
    assert [user.id for user in rows.users] == ["u2"]
    assert codes(rows) == [(1, "users.cells")]
    assert dict(rows.refused[0][2].facts) == {"cells": 2, "columns": 4}


def test_a_field_that_does_not_exist_is_named_and_a_number_in_its_place_is_not() -> None:
    rows = upload(BENJAMIN | {"geslacht": "m"}, {**BENJAMIN, "id": "u2", "klas 4b 123456782": ""})
    assert [fault.pointer for _, _, fault in rows.refused] == ["geslacht", "klasb"]
    assert all(dict(fault.facts) == {"field": fault.pointer} for _, _, fault in rows.refused)


@pytest.mark.parametrize(
    ("header", "facts"),
    [
        ("id;rol;voornaam", {"columns": "achternaam"}),
        ("rol", {"columns": "id, voornaam, achternaam"}),
        ("id;rol;voornaam;achternaam;schoenmaat", {"places": "5"}),
        ("u1;leerling;Benjamin;Bauer", {"places": "1, 2, 3, 4"}),
        ("id;id;rol;voornaam;achternaam;nummer;Nummer", {"places": "2, 7"}),
    ],
    ids=["one too few", "three too few", "one unknown", "no header at all", "two of a kind"],
)
def test_a_wrong_header_is_told_by_what_lacks_or_by_the_place_and_never_by_a_name(
    header: str, facts: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        from_csv(f"{header}\n".encode())
    assert refused.value.facts == facts


def test_more_than_five_thousand_are_refused_whole() -> None:
    with pytest.raises(Invalid, match=r"users\.too_many"):
        upload(*({**BENJAMIN, "id": f"u{number}"} for number in range(LIMIT + 1)))
    assert upload(*({**BENJAMIN, "id": f"u{number}"} for number in range(LIMIT))).count == LIMIT


@given(st.lists(st.dictionaries(st.sampled_from(["id", "rol", "voornaam", "achternaam", "nummer", "x"]), st.text())))
def test_every_row_is_either_kept_or_listed(rows: list[dict[str, str]]) -> None:
    read = upload(*rows)
    assert len(read.users) + len(read.removed) + len(read.refused) == len(rows) == read.count


@given(st.binary())
def test_no_bytes_break_the_reader(text: bytes) -> None:
    try:
        assert from_csv(text).count >= 0
    except Invalid as refused:
        assert refused.code in TELLING  # noqa: PT017

"""`python -m bench.match`: a school on standard input, its decisions on standard output, mistakes in one line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
USER = {"id": "u1", "rol": "leerling", "voornaam": "Benjamin", "achternaam": "Bauer", "afkorting": "", "nummer": "067"}
PERSON = {"key": "067", "id": 9, "type": "student", "name": "BauerBen", "foreName": "Benjamin", "longName": "Bauer"}


def run(text):
    command = [sys.executable, "-m", "bench.match"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def match(**school):
    status, out, err = run(json.dumps({"users": [USER], "persons": [PERSON]} | school))
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_school_is_judged():
    (decision,) = match()
    assert {
        "user": "u1",
        "rol": "leerling",
        "state": "linked",
        "key": "067",
        "person": "9",
        "by": "auto",
    }.items() <= decision.items()
    assert decision["reason"].startswith("Gekoppeld")


def test_what_was_printed_is_read_back():
    first = match()
    gone = match(standing=first, persons=[])
    assert (gone[0]["state"], gone[0]["key"], gone[0]["held"]) == ("suspended", None, {"key": "067", "person": "9"})
    assert match(standing=gone) == first


def test_who_left_stays_in_the_list_so_that_a_namesake_does_not_inherit_days_later():
    gone = match(users=[], standing=match(users=[], standing=match()))
    assert [(row["user"], row["state"], row["key"], row["left"]) for row in gone] == [("u1", "linked", "067", True)]
    rows = {row["user"]: row for row in match(users=[USER | {"id": "u2"}], standing=gone)}
    assert (rows["u2"]["state"], rows["u2"]["cause"]) == ("conflict", "link.was_linked_elsewhere")
    back = match(standing=gone)
    assert back == match()


def test_a_persons_link_needs_only_a_key():
    standing = [{"user": "u1", "rol": "leerling", "state": "linked", "key": "068", "by": "person"}]
    other = PERSON | {"key": "068", "id": 10, "foreName": "Hamza", "longName": "Idrissi"}
    assert match(standing=standing, persons=[PERSON, other])[0]["key"] == "068"


def test_candidates_carry_a_reason_in_dutch():
    (decision,) = match(users=[USER | {"voornaam": "B.", "nummer": None, "tussenvoegsel": ""}])
    assert (decision["state"], decision["key"]) == ("review", None)
    assert "voorletters" in decision["candidates"][0]["reason"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "expected an object"),
        ('{"users": []}', "persons: expected a list"),
        ('{"users": [1], "persons": []}', "users[0]: expected an object"),
        ('{"users": [{"id": "a"}], "persons": []}', "users[0].rol: expected leerling or docent"),
        ('{"users": [{"rol": "leerling"}], "persons": []}', "users[0].id: is missing"),
        (
            '{"users": [{"id": "a", "rol": "leerling", "voornaam": ["x"]}], "persons": []}',
            "users[0].voornaam: expected text",
        ),
        (
            '{"users": [{"id": "a", "rol": "leerling", "bsn": "123456782"}], "persons": []}',
            "a BSN does not belong here",
        ),
        ('{"users": [], "persons": [{"id": 1, "type": "klas"}]}', "persons[0].type: expected student or teacher"),
        (
            '{"users": [], "persons": [], "standing": [{"user": "a", "rol": "leerling", "state": "maybe"}]}',
            "standing[0].state",
        ),
        ('{"users": [], "persons": [], "extra": 1}', "unknown field 'extra'"),
    ],
)
def test_bad_input_is_one_line_that_names_the_place(text, complaint):
    status, out, err = run(text)
    assert (status, out) == (2, "")
    assert complaint in err
    assert err.count("\n") == 1
    assert "123456782" not in err

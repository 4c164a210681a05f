"""What people around the practice school do for the manual: Profijt's export of its users, and the Untis
administrator mending ID-nummers. Over HTTP on the practice WebUntis, for `make run`:

    GET /_control/leerlingen.json · GET /_control/docenten.csv · POST /_control/id-nummers
"""

import csv
import io
from collections import Counter
from datetime import datetime

from shared.domain.people import Role
from shared.simulators.practice_school import PracticeSchool, users_body
from shared.simulators.school_weeks import some_life
from shared.simulators.server import Reply, Request, json_reply
from shared.simulators.webuntis import WebUntisSimulator


def open_desk(untis: WebUntisSimulator, school: PracticeSchool) -> None:
    """From now on the simulator answers the three addresses above for this school, and its day has begun: some lessons
    of today are not as planned."""
    timetable = untis.schools[school.tenant_id].timetable
    some_life(timetable, datetime.now(timetable.zone).date())
    untis.desk = lambda request, what: _answer(untis, school, request, what)


def mend_id_numbers(untis: WebUntisSimulator, school: PracticeSchool) -> int:
    """Give everybody whose ID-nummer is missing or double one of his own; returns how many were changed."""
    there = untis.schools[school.tenant_id]
    people = {(person.role, person.id): person for role in Role for person in there.people(role)}
    times = Counter((person.role, person.key) for person in people.values())
    mended = 0
    for user in school.users:
        person = people.get(school.truth.get(user.id, (user.role, "")))
        own = user.number if user.role is Role.STUDENT else f"D{int(user.id[1:]):03}"
        if person and person.key != own and (not person.key or times[person.role, person.key] > 1):
            there.change_key(person.role, person.id, own)
            mended += 1
    return mended


def _answer(untis: WebUntisSimulator, school: PracticeSchool, request: Request, what: str) -> Reply:
    match request.method, what:
        case "GET", "leerlingen.json":
            return json_reply(users_body(school.of(Role.STUDENT)[0]))
        case "GET", "docenten.csv":
            return Reply(200, _sheet(school), "text/csv;charset=UTF-8")
        case "POST", "id-nummers":
            return json_reply({"hersteld": mend_id_numbers(untis, school)})
    return Reply(404)


def _sheet(school: PracticeSchool) -> bytes:
    rows = users_body(school.of(Role.TEACHER)[0])["users"]
    text = io.StringIO(newline="")
    sheet = csv.DictWriter(text, list(rows[0]), delimiter=";")
    sheet.writeheader()
    sheet.writerows(rows)
    return text.getvalue().encode("utf-8-sig")  # as Excel saves it

"""The practice school of `make run`: set up through the API, as a school would be; and how to look at it."""

import sys
import time

import requests

from shared.domain.people import Role, State
from shared.flows.directory import read_directories
from shared.flows.read_runs import read_state
from shared.ports import App
from shared.simulators.practice_grades import teacher_of_classes
from shared.simulators.practice_school import PracticeSchool, users_body
from shared.wiring.local import Local

say = sys.stdout.write


def set_up(base: str, world: Local, school: PracticeSchool) -> None:
    """Make the practice school through the API: support opens it, its admin fills in the settings and the users."""
    support = {"Authorization": f"Bearer {world.identity.persona('support')}"}
    admin = {"Authorization": f"Bearer {world.identity.persona('admin', school=school.id)}"}
    place = f"{base}/v1/schools/{school.id}"
    with requests.Session() as session:
        if session.get(place, headers=support, timeout=10).status_code == 200:
            return  # a second start goes on with what is there
        body: dict[str, object] = {"naam": school.display_name, "ontgrendeld": True}
        session.put(place, json=body, headers=support, timeout=10).raise_for_status()
        settings = session.get(f"{place}/settings/webuntis", headers=admin, timeout=10)
        form = {
            "ingeschakeld": True,
            "schoolnaam": school.school_name,
            "subdomein": school.subdomain,
            "wachtwoord": school.password,
            "automatischKoppelen": True,
        }
        match = admin | {"If-Match": settings.headers["ETag"]}
        session.put(f"{place}/settings/webuntis", json=form, headers=match, timeout=10).raise_for_status()
        body = users_body(school.users)
        session.put(f"{place}/users", json=body, headers=admin, timeout=30).raise_for_status()


def set_up_grades(base: str, world: Local, school: PracticeSchool) -> None:
    """The admin connects the practice SIS, and the teacher of its classes lets us read Classroom. May be repeated."""
    admin = {"Authorization": f"Bearer {world.identity.persona('admin', school=school.id)}"}
    who = teacher_of_classes(school)
    teacher = {"Authorization": f"Bearer {world.identity.persona('teacher', school=school.id, sub=who.id)}"}
    place = f"{base}/v1/schools/{school.id}"
    form = {
        "partner": "other",
        "hostUrl": world.sis.prefix,
        "toegangssleutel": world.sis.auth.key,
        "geheimeCode": world.sis.auth.secret,
        "verificatieUrl": f"{world.sis.url}/oauth/token",
    }
    with requests.Session() as session:
        session.post(f"{place}/sis/authorize", json=form, headers=admin, timeout=30).raise_for_status()
        sis = session.get(f"{place}/sis", headers=admin, timeout=10)
        saved = {"teachersExport": True, "defaultCategory": "c4", "categoryMissing": "default", "expires": None}
        match = admin | {"If-Match": sis.headers["ETag"]}
        session.put(f"{place}/sis", json=saved, headers=match, timeout=30).raise_for_status()
        asked = session.post(f"{place}/google/authorize", headers=teacher, timeout=10)
        asked.raise_for_status()
        back = session.get(world.classroom.oauth.consent(asked.json()["address"], who.email), timeout=10)
        body = back.json()["body"]
        session.post(f"{place}/google/consent", json=body, headers=teacher, timeout=30).raise_for_status()


def tell(base: str, world: Local, school: PracticeSchool, began: float) -> None:
    """What happened, where the API is, how to get a token, and how to read the log."""
    say(f"Profijt koppelingen: {base}/v1  ({time.perf_counter() - began:.1f} s)\n")
    if world.untis:
        last = read_state(world.app, school.id).last
        say(f"Oefenschool «{school.display_name}» ({school.id}): {len(school.users)} gebruikers in Profijt, ")
        say(f"{len(school.persons)} personen in WebUntis ({world.untis.url})\n")
        if last:
            words = ", ".join(f"{name} {count}" for name, count in last.counts.items())
            say(f"Laatste synchronisatie {last.id}: {last.outcome}; {words}\n")
    say(
        "\nEen token / a token (persona: admin, teacher, student, support):\n"
        f"  TOKEN=$(curl -s -X POST '{world.identity.url}/token?persona=admin' | "
        "python3 -c 'import json,sys;print(json.load(sys.stdin)[\"access_token\"])')\n"
        f"  van een gekoppelde docent of leerling / of a linked teacher or student: {_linked(world.app, school.id)}\n"
        "Het laatste log / the last log:\n"
        f'  curl -s -H "Authorization: Bearer $TOKEN" {base}/v1/schools/{school.id}/runs/latest/log.csv\n'
        "Het rooster van de school, deze week / the school's timetable, this week:\n"
        f'  curl -s -H "Authorization: Bearer $TOKEN" {base}/v1/schools/{school.id}/timetable\n'
        "Cijfers exporteren, zoals in de README / exporting grades, as in the README:\n"
        f"  SCHOOL={base}/v1/schools/{school.id}; JSON='Content-Type: application/json'; "
        'AUTH="Authorization: Bearer $('
        f"curl -s -X POST '{world.identity.url}/token?persona=teacher&sub={teacher_of_classes(school).id}' | "
        'python3 -c \'import json,sys;print(json.load(sys.stdin)["access_token"])\')"\n'
        "Ctrl-C stopt / stops.\n"
    )


def _linked(app: App, school: str) -> str:
    """What makes the token of somebody with a timetable, for each role."""
    found = read_directories(app, school)
    return " · ".join(
        f"persona={role}&sub={decision.user}"
        for role in (Role.TEACHER, Role.STUDENT)
        for decision in [each for each in found[role].decisions if each.state is State.LINKED][:1]
    )

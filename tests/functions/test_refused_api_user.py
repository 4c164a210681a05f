"""An API user who is refused while people are read as the application: the coupling's status and support say so."""

from shared.domain.school import School
from shared.flows.refresh_week import refresh_week
from shared.flows.schools import read_school
from tests.functions.test_api_user import BOTH, PASSWORD, TINY, Desk, desk  # noqa: F401  a fixture
from tests.lessons_at_school import WEEK


def lessons(desk: Desk) -> dict[str, str] | None:  # noqa: F811
    told: dict[str, str] | None = desk.api.get("/coupling").get_json()["lessons"]
    return told


def refused_for_support(desk: Desk) -> list[bool]:  # noqa: F811
    state = desk.api.get("/bundle").get_json()["state"]
    return [state["refused"], state["lessonsRefused"]]


def test_the_status_and_the_bundle_tell_of_an_api_user_who_is_refused_until_he_has_another_password(
    desk: Desk,  # noqa: F811
) -> None:
    desk.saved(BOTH)
    desk.run("een")
    school: School = read_school(desk.app, TINY.id)[0]
    assert (lessons(desk), refused_for_support(desk)) == (None, [False, False])
    desk.there.password = "anders"
    assert refresh_week(desk.app, school.id, WEEK, owner="x").code == "webuntis.api_login_refused"
    coupling = desk.api.get("/coupling").get_json()
    assert coupling["state"] == "on_time"  # people are read as before
    told = lessons(desk)
    assert told
    assert (told["code"], told["owner"]) == ("webuntis.api_login_refused", "untis-admin")
    assert PASSWORD not in str(told)
    assert refused_for_support(desk) == [False, True]
    desk.saved(BOTH | {"apiWachtwoord": "anders"})
    assert (lessons(desk), refused_for_support(desk)) == (None, [False, False])

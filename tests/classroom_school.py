"""A small school at Google on loopback, and our client of it: two teachers, three courses and three students."""

import base64
import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from shared.adapters.classroom import GoogleClient, GoogleConsent, Place, classroom
from shared.adapters.http import Door, Limits, Pace, PublicAndLoopback
from shared.coursework_port import ClassroomAccess, Consent, Coursework
from shared.simulators.classroom import ClassroomSimulator

INGRID, KEES = "i.devries@baken.example", "k.bakker@baken.example"
BACK = "https://api.profijt.example/v1/google/callback"
DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
PACE = Pace(sleep=lambda _: None)
VERIFIER = "een-verifier-van-ruim-voldoende-lengte-0123456789"


@dataclass
class GoogleSchool:
    """Ids are those at Google."""

    google: ClassroomSimulator
    maths: str
    closed: str  # Ingrid's, archived
    dutch: str  # of Kees
    yusuf: str
    anna: str
    noor: str

    @property
    def place(self) -> Place:
        url = self.google.url
        return Place(url, f"{url}/o/oauth2/v2/auth", f"{url}/token", f"{url}/revoke")

    @property
    def door(self) -> Door:
        return Door(PublicAndLoopback(), limits=Limits(read=5), pace=PACE)

    def client(self, secret: str = "") -> GoogleClient:
        oauth = self.google.oauth
        return GoogleClient(oauth.client_id, lambda: secret or oauth.client_secret, BACK)

    def desk(self, secret: str = "") -> GoogleConsent:
        return GoogleConsent(self.door, place=self.place, client=self.client(secret))

    def consent(self, email: str = INGRID, *, without: Collection[str] = (), verifier: str = VERIFIER) -> Consent:
        """What this account's consent is worth; `verifier` as who redeems it has it."""
        address = self.desk().address(state="s", challenge=challenge(VERIFIER), login_hint=email)
        back = dict(parse_qsl(urlsplit(self.google.oauth.consent(address, email, without=without)).query))
        return self.desk().redeem(back["code"], verifier)

    def coursework(self, email: str = INGRID, *, door: Door | None = None) -> Coursework:
        """This teacher's Classroom, by consent."""
        access = ClassroomAccess("demo", email, self.consent(email).refresh_token, "1")
        return classroom(door or self.door, place=self.place, client=self.client(), key=None)(access)

    def delegated(self, email: str = INGRID) -> Coursework:
        """This teacher's Classroom, by the school's delegation."""
        make = classroom(self.door, place=self.place, client=None, key=self.google.oauth.service_account_key)
        return make(ClassroomAccess("demo", email))


@contextmanager
def google_school(**more: int) -> Iterator[GoogleSchool]:
    with ClassroomSimulator(**more) as google:
        google.oauth.redirects.add(BACK)
        school = google.school
        school.add_person(INGRID, "Ingrid", "de Vries")
        school.add_person(KEES, "Kees", "Bakker")
        maths = school.add_course("Wiskunde 3A", teachers=[INGRID], section="Havo")
        closed = school.add_course("Wiskunde 2025", teachers=[INGRID], state="ARCHIVED")
        dutch = school.add_course("Nederlands 3B", teachers=[KEES])
        yusuf = school.enroll(maths, "yusuf@baken.example", "Yusuf", "Yılmaz")
        anna = school.enroll(maths, "anna@baken.example", "Anna", "Bakker")
        noor = school.enroll(dutch, "noor@baken.example", "Noor", "Smit")
        yield GoogleSchool(google, maths, closed, dutch, yusuf, anna, noor)


def challenge(verifier: str) -> str:
    """RFC 7636, 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()

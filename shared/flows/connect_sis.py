"""Connects a school to its SIS: everything an export needs is tried first, and nothing is kept unless all of it works.

May be repeated: the same form gives the same connection, with its ledger, its secret and its generation. A SIS that was
connected before goes on with its own ledger, wherever it is now; another one begins its own.
"""

from collections.abc import Iterator
from dataclasses import field, replace
from datetime import date, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from shared.domain.host_spelling import candidates, token_address
from shared.domain.partner import Partner
from shared.domain.run import Problem
from shared.domain.sis import Sis
from shared.domain.sis_book import Book, book_of, united
from shared.errors import Fault, Invalid, NotFound, ProfijtError, Unreachable
from shared.flows.audit import audited
from shared.flows.find_sis import GATES, Barred, Entrance, find_entrance
from shared.flows.new_password import destroy, disable_older
from shared.flows.refused_key import forget_refusal
from shared.flows.schools import read_school
from shared.flows.sis import (
    Credentials,
    add_credentials,
    read_credentials,
    read_sis,
    secret_name,
    sis_write,
)
from shared.flows.sis_books import Reunion, book_write, forget_teachers, read_books, reunion
from shared.flows.sis_partners import find_partner
from shared.flows.survey_sis import NAMES, Name, Step, Survey, survey
from shared.flows.turns import take_turn
from shared.ports import App, Data, Write
from shared.values import dataclass

MOST, WITHIN = 4, timedelta(minutes=1)
PATIENCE = timedelta(seconds=40)  # after which no further address is tried
LOOKING = timedelta(seconds=10)  # after which no further class is looked at


@dataclass(frozen=True, slots=True)
class Form:
    """What the admin filled in, as it was typed. `token_url`: Verificatie-URL, "" for none."""

    partner: str
    host_url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    token_url: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every step of NAMES, in order. `sis`: the connection as kept, None when nothing was. `notices` say what was done
    without being asked; `reunion` is there when it is a SIS that was connected before."""

    steps: tuple[Step, ...]
    sis: Sis | None = None
    notices: tuple[Problem, ...] = ()
    reunion: Reunion | None = None


def authorize(app: App, school_id: str, form: Form, *, by: str) -> Outcome:
    """Try to connect, and keep the connection if everything works; a barring step says why nothing was kept.

    Raises NotFound "school.unknown"; Invalid with the field; Throttled "request.too_many"; Conflict when somebody else
    connected, disconnected or linked meanwhile: after each nothing has changed. Unreachable when our own stores are.
    """
    school, _ = read_school(app, school_id)
    partner = find_partner(form.partner)
    if not partner.services:
        fault = Fault("/partner", "sis.not_connectable", (("partner", partner.name),))
        raise Invalid("sis.not_connectable", (fault,), partner=partner.name)
    places, token_url = candidates(form.host_url, partner), token_address(form.token_url)
    credentials, notices = _credentials(form, partner)
    take_turn(app, school_id, "sis", most=MOST, within=WITHIN)
    before, version = read_sis(app, school_id)
    began = app.now()
    found = find_entrance(
        app,
        school_id,
        places,
        credentials,
        token_url=token_url,
        token_url_told=bool(partner.words.token_url),
        tokens_known="services.tokens" not in partner.unknown,
        until=began + PATIENCE,
    )
    if isinstance(found, Barred):
        return Outcome(_barred(found), notices=notices)
    today = began.astimezone(ZoneInfo(school.zone)).date()
    seen = survey(found.gradebook, host=urlsplit(found.connection.prefix).hostname or "", today=today)
    steps = _steps(found, seen.steps)
    if any(step.bars for step in steps):
        return Outcome(steps, notices=notices)
    keeping = _Keeping(app, school_id, partner, found, seen, credentials, before, version)
    sis, known = keeping.keep(by=by, today=today)
    forget_refusal(app, school_id)
    until = app.now() + LOOKING
    again = reunion(app, school_id, sis.book, found.gradebook, until=until) if known else None
    told = _recognised(before, sis, again)
    return Outcome(steps, sis, (*notices, *told), again)


def _credentials(form: Form, partner: Partner) -> tuple[Credentials, tuple[Problem, ...]]:
    """Without the blanks that come along when copying, the key in capitals where the partner wants that."""
    key, secret = form.key.strip(), form.secret.strip()
    empty = [
        Fault(pointer, "sis.field_empty")
        for pointer, value in (("/toegangssleutel", key), ("/geheimeCode", secret))
        if not value
    ]
    if empty:
        raise Invalid("request.body_invalid", tuple(empty))
    if partner.quirks.upper_case_key and key != key.upper():
        return Credentials(key.upper(), secret), (Problem("sis.key_upper_case", {"partner": partner.name}),)
    return Credentials(key, secret), ()


def _barred(barred: Barred) -> tuple[Step, ...]:
    """The steps before the one that failed went well, unless it was another host's; those after it were not taken."""
    at = NAMES.index(barred.at)
    passed = tuple(Step(name, "skipped" if barred.elsewhere else "ok") for name in NAMES[:at])
    rest = tuple(Step(name, "skipped") for name in NAMES[at + 1 :])
    return (*passed, Step(barred.at, "failed", barred.code, barred.facts), *rest)


def _steps(entrance: Entrance, taken: tuple[Step, ...]) -> tuple[Step, ...]:
    found: dict[Name, Step] = {gate: Step(gate, "ok") for gate in GATES}
    way = entrance.connection
    found["oneroster"] = Step("oneroster", "ok", found=f"OneRoster {way.version}, {way.prefix}")
    found["login"] = Step("login", "ok", found=", ".join(filter(None, (way.security, way.token_url))))
    found |= {step.name: step for step in taken}
    return tuple(found.get(name, Step(name, "skipped")) for name in NAMES)


def _recognised(before: Sis | None, sis: Sis, again: Reunion | None) -> Iterator[Problem]:
    """What to say of the ledger: nothing when it was in use all along."""
    if again and not (before and before.connected and before.book == sis.book):
        held: dict[str, str | int] = {"items": again.held.items, "results": again.held.results}
        yield Problem("sis.recognised", held)
        if again.missing:
            yield Problem("sis.items_missing", {"missing": again.missing, "classes": again.classes})
    elif before and before.book != sis.book:
        yield Problem("sis.another", {})


@dataclass(frozen=True, slots=True)
class _Keeping:
    """What is known at the moment that the connection is kept; `version` is that of the one `before`."""

    app: App
    school: str
    partner: Partner
    entrance: Entrance
    seen: Survey
    credentials: Credentials
    before: Sis | None
    version: str

    def keep(self, *, by: str, today: date) -> tuple[Sis, bool]:
        """In one commit, with its book and who did it; not at all when it is there already, just like this. Whether it
        is a SIS that was connected before, comes along."""
        books = read_books(self.app, self.school)
        book, known = book_of(self.seen.orgs, books, prefix=self.entrance.connection.prefix)
        secret = self._same_secret()
        added = "" if secret else add_credentials(self.app, self.school, self.credentials)
        sis = self._sis(book, secret or added, by=by, today=today)
        if sis == self.before and book in books:
            return sis, known
        try:
            if known and _moved(books[book], sis):
                forget_teachers(self.app, self.school, book)
            writes = [
                sis_write(self.school, sis, version=self.version),
                book_write(self.school, book, self._book(books.get(book), sis)),
                self._event(sis, by=by, new_secret=bool(added)),
            ]
            self.app.store.commit(writes)
        except ProfijtError as err:
            if added and not (isinstance(err, Unreachable) and err.service == "store"):  # it may be kept after all
                destroy(self.app, secret_name(self.school), added)
            raise
        if added:
            disable_older(self.app, secret_name(self.school), added)
        return sis, known

    def _same_secret(self) -> str:
        """The version in use, when it holds these very credentials; else ""."""
        if self.before is None or not self.before.connected:
            return ""
        try:
            kept = read_credentials(self.app, self.school, self.before.secret_version)
        except NotFound:
            return ""
        return self.before.secret_version if kept == self.credentials else ""

    def _sis(self, book: str, secret_version: str, *, by: str, today: date) -> Sis:
        before, found = self.before, self.entrance.connection
        capabilities = self.seen.capabilities
        orgs = sorted(self.seen.orgs, key=lambda org: org.id)
        sis = Sis(
            state="connected",
            partner=self.partner.id,
            prefix=found.prefix,
            version=found.version,
            security=found.security,
            token_url=found.token_url,
            secret_version=secret_version,
            book=book,
            orgs=tuple(org.id for org in orgs),
            org_names=tuple(org.name for org in orgs),
            capabilities=capabilities,
            generation=1,
            since=self.app.now(),
            by=by,
            expires=self._expiry(today),
        )
        if before is None:
            return sis
        sis = replace(
            sis,
            generation=before.generation + 1,
            teachers_export=before.teachers_export,
            category_missing=before.category_missing,
        )
        if before.book == book:  # a category of another SIS means nothing here
            sis = replace(sis, default_category=before.default_category)
        if before.secret_version == secret_version:
            sis = replace(sis, expires=before.expires)
            if before.connected and _what_counts(before) == _what_counts(sis):
                return replace(sis, generation=before.generation, since=before.since, by=before.by)
        return sis

    def _expiry(self, today: date) -> date | None:
        days = self.partner.quirks.credential_days
        return today + timedelta(days=days) if days else None

    def _book(self, known: Book | None, sis: Sis) -> Book:
        now = self.app.now()
        if known is None:
            return Book(united(self.seen.orgs, ()), sis.prefix, sis.partner, now, now)
        orgs = united(self.seen.orgs, known.orgs)
        return replace(known, orgs=orgs, prefix=sis.prefix, partner=sis.partner, last=now)

    def _event(self, sis: Sis, *, by: str, new_secret: bool) -> Write:
        before, after = in_words(self.before), in_words(sis)
        changed = [name for name in after if before.get(name) != after[name]]
        told = {name: after[name] for name in changed} or {"Mogelijkheden": "opnieuw vastgesteld"}
        if new_secret:
            told["Toegangssleutel en Geheime code"] = "nieuw ingesteld"
        return audited(
            self.app,
            self.school,
            actor=by,
            action="sis.connected",
            before={name: before[name] for name in changed if name in before},
            after=told,
        )


def _moved(book: Book, sis: Sis) -> bool:
    """Whether the SIS of this book is at another place and another product: the same schools, but perhaps not the same
    ids of people."""
    return book.prefix != sis.prefix and book.partner != sis.partner


def _what_counts(sis: Sis) -> tuple[str, ...]:
    """An export that began with one connection may not go on with another that differs in any of these."""
    return (sis.book, sis.partner, sis.prefix, sis.version, sis.security, sis.token_url, sis.secret_version)


def in_words(sis: Sis | None) -> Data:
    """The connection for the audit, in the words of the form and without its key and secret; {} for none."""
    if sis is None:
        return {}
    return {
        "LIS": sis.partner,
        "Verbonden": sis.connected,
        "Host-URL": sis.prefix,
        "OneRoster": sis.version,
        "Ondertekening": sis.security,
        "Verificatie-URL": sis.token_url,
        "Scholen": ", ".join(sis.org_names[:20]),
    }

"""GET /audit: who changed what and when, newest first, with what stood before and after; never a secret."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from functions.route import Answer, Asked, Paging, Route
from functions.told import reader
from shared.flows.audit import read_audit
from shared.ports import App

# action → what happened, in Dutch and English. An action without a sentence is told by its own word.
SENTENCES: dict[str, tuple[str, str]] = {
    "link.link": ("Gebruiker {subject} met de hand gekoppeld.", "Linked user {subject} by hand."),
    "link.exclude": (
        "Gebruiker {subject} ontkoppeld en uitgesloten van koppelen.",
        "Unlinked user {subject} and excluded them from linking.",
    ),
    "link.never": (
        "Bepaald dat gebruiker {subject} nooit bij een ID-nummer hoort.",
        "Decided that user {subject} never belongs to an ID number.",
    ),
    "link.released": (
        "Gebruiker {subject} teruggegeven aan automatisch koppelen.",
        "Gave user {subject} back to automatic linking.",
    ),
    "link.accepted": (
        "Het voorstel voor gebruiker {subject} geaccepteerd.",
        "Accepted the proposal for user {subject}.",
    ),
    "link.put_back": (
        "De koppeling van gebruiker {subject} teruggezet.",
        "Put the link of user {subject} back.",
    ),
    "run.undone": ("Synchronisatie {subject} teruggedraaid.", "Undid run {subject}."),
    "run.ordered": ("Een synchronisatie aangevraagd.", "Asked for a run."),
    "run.approved": ("Synchronisatie {subject} goedgekeurd.", "Approved run {subject}."),
    "run.discarded": ("Synchronisatie {subject} verworpen.", "Discarded run {subject}."),
    "settings.saved": ("De instellingen van WebUntis gewijzigd.", "Changed the WebUntis settings."),
    "secret.replaced": ("Het wachtwoord van de koppeling vervangen.", "Replaced the password of the coupling."),
    "notifications.saved": ("Gewijzigd waar meldingen heen gaan.", "Changed where notifications go."),
    "pause.set": ("Een pauze ingesteld.", "Set a pause."),
    "pause.ended": ("De pauze beëindigd.", "Ended the pause."),
    "subjects.saved": ("De vakken van het rooster gewijzigd.", "Changed the subjects of the timetable."),
    "feed.made": ("Een agendalink gemaakt.", "Made a calendar link."),
    "feed.ended": ("Een agendalink ingetrokken.", "Revoked a calendar link."),
    "sis.connected": ("Het LIS gekoppeld of opnieuw geautoriseerd.", "Connected the SIS, or authorised it again."),
    "sis.disconnected": ("De verbinding met het LIS verbroken.", "Disconnected the SIS."),
    "sis.saved": ("De instellingen van het LIS gewijzigd.", "Changed the settings of the SIS."),
    "google.consented": ("Toestemming gegeven voor Google Classroom.", "Gave consent for Google Classroom."),
    "google.not_consented": ("Geen toestemming voor Google Classroom.", "No consent for Google Classroom came of it."),
    "google.ended": ("De toestemming voor Google Classroom ingetrokken.", "Withdrew the consent for Google Classroom."),
    "google.found_ended": (
        "Google laat Profijt niet meer bij Classroom: de toestemming is geëindigd.",
        "Google no longer lets Profijt into Classroom: the consent has ended.",
    ),
    "google.found_working": (
        "Google laat Profijt weer bij Classroom.",
        "Google lets Profijt into Classroom again.",
    ),
    "interest.sent": ("Interesse gemeld voor een LIS.", "Told of interest in a SIS."),
    "coursework.saved": ("Lesgroep {subject} aangeleverd.", "Sent class {subject}."),
    "coursework.removed": ("Lesgroep {subject} verwijderd.", "Removed class {subject}."),
    "class_link.made": ("Lesgroep {subject} aan een klas van het LIS gekoppeld.", "Linked class {subject} to the SIS."),
    "class_link.joined": ("Een koppeling van lesgroep {subject} gebruikt.", "Used the link of class {subject}."),
    "class_link.moved": (
        "Lesgroep {subject} aan een andere klas van het LIS gekoppeld.",
        "Linked class {subject} to another class of the SIS.",
    ),
    "class_link.students": (
        "Leerlingen van lesgroep {subject} met de hand gekoppeld.",
        "Paired students of class {subject} by hand.",
    ),
    "class_link.marks": (
        "Bij lesgroep {subject} vrijgesteld of ontbreekt ingevuld.",
        "Filled in excused or missing for class {subject}.",
    ),
    "export.ordered": ("Export {subject} gestart.", "Started export {subject}."),
    "class_link.removed": ("De koppeling van lesgroep {subject} opgeheven.", "Removed the link of class {subject}."),
    "person.exported": ("De gegevens van {subject} opgevraagd.", "Asked for the data of {subject}."),
    "person.erased": ("De gegevens van een persoon gewist.", "Erased the data of one person."),
    "support.allowed": (
        "Support van Profijt toegang gegeven tot de diagnose.",
        "Gave support the diagnosis.",
    ),
    "support.withdrawn": ("De toegang van support ingetrokken.", "Withdrew the access of support."),
    "bundle.read": ("De diagnosebundel gelezen.", "Read the diagnostic bundle."),
    "tenant.asked": ("Gevraagd om de WebUntis-tenant {subject}.", "Asked for WebUntis tenant {subject}."),
    "tenant.assigned": ("WebUntis-tenant {subject} toegewezen.", "Assigned WebUntis tenant {subject}."),
    "tenant.released": ("WebUntis-tenant {subject} vrijgegeven.", "Released WebUntis tenant {subject}."),
    "webuntis.created": ("WebUntis gaf nieuwe inloggegevens.", "WebUntis gave new credentials."),
    "webuntis.reactivated": ("WebUntis zette de toegang weer open.", "WebUntis opened the access again."),
    "webuntis.reset": ("WebUntis gaf een nieuw wachtwoord.", "WebUntis gave a new password."),
    "webuntis.deactivation": (
        "De school sloot de toegang bij WebUntis.",
        "The school ended its access at WebUntis.",
    ),
    "webuntis.deletion": (
        "De school verwijderde de toegang bij WebUntis.",
        "The school deleted its access there.",
    ),
}


class AuditQuery(Paging, frozen=True, forbid_unknown_fields=True):
    """`onderwerp`: only what was done to this user or run."""

    onderwerp: Annotated[str, msgspec.Meta(max_length=200)] = ""


class EventOut(msgspec.Struct, frozen=True):
    """`who` is a Profijt user id, "run:…" or "webuntis"; `what` a sentence, `action` its word; `subject` a user or run.

    `before` and `after` hold only what changed; a secret is never itself. `when` is in the school's zone.
    """

    id: str
    when: datetime
    who: str
    what: str
    action: str
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]


class AuditOut(msgspec.Struct, frozen=True):
    """`items` newest first; `next` the cursor of older ones, null at the end."""

    items: list[EventOut]
    next: str | None


def get_audit(app: App, asked: Asked) -> Answer:
    """One page of events."""
    told, query = reader(app, asked), asked.query
    events, cursor = read_audit(
        app, asked.school, limit=query.limit, cursor=query.cursor or None, subject=query.onderwerp
    )
    items = [
        EventOut(
            event.id,
            event.at.astimezone(told.zone),
            event.actor,
            SENTENCES.get(event.action, (event.action,) * 2)[asked.language == "en"].format(subject=event.subject),
            event.action,
            event.subject,
            event.before,
            event.after,
        )
        for event in events
    ]
    return Answer(AuditOut(items, cursor))


ROUTES = (
    Route(
        "GET",
        "/v1/schools/{school}/audit",
        get_audit,
        roles=frozenset({"admin", "support"}),
        summary="Wie wijzigde wat, laatste eerst / Who changed what, last one first",
        query=AuditQuery,
        answer=AuditOut,
        problems=("404 school.unknown", "cursor.unknown"),
    ),
)

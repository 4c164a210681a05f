"""Causes that only «Waarom zie ik geen rooster?» gives: what is in order, what must wait, and who mends the rest.

Blanks: {at} and {next} are times in the school's zone, {last} a date.
"""

from shared.domain.causes.cause import Cause, Owner

_ADMIN, _SUPPORT, _UNTIS, _NOBODY = Owner.ADMIN, Owner.SUPPORT, Owner.UNTIS_ADMIN, Owner.NOBODY
_NOTHING = ("Niets te doen.", "Nothing to do.")
_LINKS = (
    "Kies bij de koppelingen zelf de juiste persoon, of laat het zo als deze gebruiker geen rooster hoeft te zien.",
    "Choose the right person under links, or leave it if this user need not see a timetable.",
)


def _said(code: str, owner: Owner, nl: str, en: str, remedy: tuple[str, str] = _NOTHING) -> Cause:
    return Cause(f"diagnosis.{code}", owner, nl, en, *remedy)


DIAGNOSIS: tuple[Cause, ...] = (
    _said("enabled", _NOBODY, "De koppeling met WebUntis staat aan.", "The coupling with WebUntis is switched on."),
    _said(
        "settings_complete",
        _NOBODY,
        "Schoolnaam, Subdomein en Wachtwoord zijn ingevuld.",
        "Schoolnaam, Subdomein and Wachtwoord have been filled in.",
    ),
    _said(
        "run_done",
        _NOBODY,
        "De laatste synchronisatie was op {at}; daarbij is de lijst uit WebUntis gelezen.",
        "The last synchronisation was on {at}; it read the list from WebUntis.",
    ),
    _said(
        "run_failed",
        _ADMIN,
        "De laatste synchronisatie, op {at}, is niet gelukt.",
        "The last synchronisation, on {at}, did not succeed.",
        ("Open het laatste logbestand; daar staat de oorzaak.", "Open the last log; it tells the cause."),
    ),
    _said(
        "late",
        _SUPPORT,
        "De laatste synchronisatie was op {at}; er had er sindsdien een moeten zijn.",
        "The last synchronisation was on {at}; there should have been one since.",
        ("Meld dit bij support@profijt.nu.", "Tell support@profijt.nu."),
    ),
    _said(
        "paused",
        _ADMIN,
        "De synchronisatie is gepauzeerd tot en met {last}; bestaande koppelingen blijven staan.",
        "Synchronisation is paused up to and including {last}; existing links stay.",
        ("Wacht tot die datum, of haal de pauze weg.", "Wait until that date, or end the pause."),
    ),
    _said("in_profijt", _NOBODY, "Deze gebruiker staat in Profijt.", "This user is known in Profijt."),
    _said(
        "not_in_profijt",
        _ADMIN,
        "Deze gebruiker is bij de koppeling niet bekend als leerling of docent.",
        "The coupling does not know this user as a student or teacher.",
        (
            "Controleer in Profijt of de gebruiker actief is en de rol leerling of docent heeft.",
            "Check in Profijt that the user is active and has the role student or teacher.",
        ),
    ),
    _said("in_webuntis", _NOBODY, "Deze persoon staat in WebUntis.", "This person is in WebUntis."),
    _said(
        "not_certain",
        _NOBODY,
        "Het staat niet vast wie in WebUntis deze persoon is.",
        "It is not certain who in WebUntis this person is.",
    ),
    _said(
        "id_equal",
        _NOBODY,
        "Het ID-nummer staat in WebUntis en in Profijt, en is gelijk.",
        "The ID number is present in WebUntis and in Profijt, and is the same.",
    ),
    _said(
        "later",
        _NOBODY,
        "Dit is pas te zeggen als het andere in orde is.",
        "This can only be told once the rest is in order.",
    ),
    _said(
        "not_compared",
        _NOBODY,
        "Deze gebruiker is nog niet met WebUntis vergeleken. Dat gebeurt uiterlijk om {next}.",
        "This user has not been compared with WebUntis yet. That happens at {next} at the latest.",
        ("Wacht tot die tijd (maximaal 30 minuten).", "Wait until then (30 minutes at most)."),
    ),
    _said(
        "excluded",
        _ADMIN,
        "Een beheerder heeft bepaald dat deze gebruiker niet wordt gekoppeld.",
        "An administrator decided that this user is not linked.",
        (
            "Haal bij de koppelingen de uitsluiting weg als deze gebruiker wel een rooster moet zien.",
            "Remove the exclusion under links if this user should see a timetable.",
        ),
    ),
    _said(
        "never",
        _ADMIN,
        "Een beheerder heeft bepaald dat de persoon die in WebUntis is gevonden, niet deze gebruiker is.",
        "An administrator decided that the person found in WebUntis is not this user.",
        _LINKS,
    ),
    _said(
        "all_ok",
        _UNTIS,
        "De koppeling is in orde. Blijft het rooster leeg, dan staan er in WebUntis geen lessen voor deze persoon.",
        "The coupling is in order. If the timetable stays empty, WebUntis has no lessons for this person.",
        (
            "Vraag de roostermaker of deze persoon in WebUntis is ingeroosterd.",
            "Ask the scheduler whether this person has lessons in WebUntis.",
        ),
    ),
    _said(
        "person_unknown",
        _NOBODY,
        "Deze gebruiker is er niet, of het is niet aan jou om zijn gegevens te zien.",
        "This user does not exist, or his data are not yours to see.",
        ("Controleer het id van de gebruiker.", "Check the user's id."),
    ),
)

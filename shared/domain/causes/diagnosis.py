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
        "Alles wat de koppeling nodig heeft, is ingevuld.",
        "Everything the coupling needs has been filled in.",
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
        ("Meld dit bij support (support@profijt.nu).", "Tell support (support@profijt.nu)."),
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
        "id_unknown_there",
        _ADMIN,
        "Deze gebruiker is gekoppeld, maar WebUntis kent het ID-nummer niet als het om de lessen gaat.",
        "This user is linked, but WebUntis does not know the ID number when it comes to lessons.",
        (
            "Ga na of het ID-nummer (externe sleutel) van deze persoon in WebUntis is veranderd, en kies zo nodig bij "
            "de koppelingen opnieuw. Na een wijziging in WebUntis wordt dit binnen een dag opnieuw gevraagd.",
            "Check whether this person's ID number (external key) was changed in WebUntis, and choose again under "
            "links if need be. After a change in WebUntis this is asked anew within a day.",
        ),
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
        "lessons_may",
        _NOBODY,
        "Profijt mag het rooster in WebUntis lezen.",
        "Profijt may read the timetable in WebUntis.",
    ),
    _said(
        "week_read",
        _NOBODY,
        "Het rooster van deze week is op {at} uit WebUntis gelezen.",
        "The timetable of this week was read from WebUntis on {at}.",
    ),
    _said(
        "week_unread",
        _NOBODY,
        "Het rooster van deze week is nog niet uit WebUntis gelezen; dat is nu aangevraagd.",
        "The timetable of this week has not been read from WebUntis yet; it has been asked for now.",
    ),
    _said(
        "week_old",
        _SUPPORT,
        "Het rooster van deze week is verouderd: het is van {at}.",
        "The timetable of this week is out of date: it is of {at}.",
        (
            "Het wordt vanzelf opnieuw gelezen. Blijft dit een uur zo, meld het dan bij support (support@profijt.nu).",
            "It is read again by itself. If this lasts an hour, tell support (support@profijt.nu).",
        ),
    ),
    _said(
        "school_week",
        _NOBODY,
        "Deze week valt in het schooljaar en is geen vakantie.",
        "This week is within the school year and no holiday.",
    ),
    _said(
        "lessons",
        _NOBODY,
        "De koppeling is in orde. Deze week staan er {count} lessen voor deze persoon in WebUntis, waarvan {cancelled} "
        "uitgevallen.",
        "The coupling is in order. WebUntis has {count} lessons for this person this week, {cancelled} of them "
        "cancelled.",
    ),
    _said(
        "no_lessons",
        _UNTIS,
        "Deze persoon is deze week in WebUntis niet ingeroosterd.",
        "This person has no lessons in WebUntis this week.",
        (
            "Vraag de roostermaker of deze persoon in WebUntis is ingeroosterd en of het rooster is gepubliceerd.",
            "Ask the scheduler whether this person has lessons in WebUntis and whether the timetable is published.",
        ),
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
        "Deze gebruiker is er niet, of u mag diens gegevens niet zien.",
        "This user does not exist, or you may not see their data.",
        ("Controleer het id van de gebruiker.", "Check the user's id."),
    ),
)

"""Causes that only an ordinary WebUntis API user meets (JSON-RPC); what means the same elsewhere is in `webuntis`."""

from shared.domain.causes.cause import Cause, Owner

_WAIT = (
    "U hoeft niets te doen: er wordt straks vanzelf opnieuw geprobeerd.",
    "Nothing to do: it is tried again by itself shortly.",
)
_OURS = (
    "Meld dit bij support (support@profijt.nu); waarschijnlijk heeft WebUntis iets veranderd.",
    "Tell support (support@profijt.nu); WebUntis has probably changed something.",
)

JSONRPC = (
    Cause(
        "webuntis.api_login_refused",
        Owner.UNTIS_ADMIN,
        "WebUntis weigert de API-gebruiker van de koppeling. Er wordt niet nog eens geprobeerd, omdat WebUntis na 8 "
        "foute pogingen blokkeert.",
        "WebUntis refuses the coupling's API user. It is not tried again, because WebUntis locks after 8 wrong "
        "attempts.",
        "Controleer in WebUntis (Administratie, Gebruikers) of deze gebruiker actief is, geef hem een nieuw wachtwoord "
        "en vul dat in bij Profijt, Instellingen, WebUntis, API-wachtwoord.",
        "Check in WebUntis (Administration, Users) that this user is active, give it a new password and fill that in "
        "at Profijt, Settings, WebUntis, API password.",
    ),
    Cause(
        "webuntis.api_right_missing",
        Owner.UNTIS_ADMIN,
        "De API-gebruiker van de koppeling mag in WebUntis de lijst met {list} niet lezen.",
        "The coupling's API user may not read the list of {list} in WebUntis.",
        "Geef deze gebruiker in WebUntis (Administratie, Gebruikersgroepen) het recht om {list} te lezen.",
        "Give this user the right to read {list} in WebUntis (Administration, User groups).",
    ),
    Cause(
        "webuntis.api_lessons_refused",
        Owner.UNTIS_ADMIN,
        "De API-gebruiker van de koppeling mag in WebUntis deze roosters niet lezen.",
        "The coupling's API user may not read these timetables in WebUntis.",
        "Geef deze gebruiker in WebUntis (Administratie, Gebruikersgroepen) het recht om de roosters van alle klassen, "
        "docenten en leerlingen te zien.",
        "Give this user the right to see the timetables of all classes, teachers and students in WebUntis "
        "(Administration, User groups).",
    ),
    Cause(
        "webuntis.user_locked",
        Owner.UNTIS_ADMIN,
        "WebUntis heeft de API-gebruiker van de koppeling geblokkeerd. Profijt laat hem een uur met rust.",
        "WebUntis has locked the coupling's API user. Profijt leaves it alone for an hour.",
        "Hef in WebUntis (Administratie, Gebruikers) de blokkade van deze gebruiker op en ga na wie er met een "
        "verkeerd wachtwoord inlogde.",
        "Unlock this user in WebUntis (Administration, Users) and find out who logged in with a wrong password.",
    ),
    Cause(
        "webuntis.login_under_way",
        Owner.NOBODY,
        "Profijt logt op dit moment al als deze API-gebruiker in bij WebUntis.",
        "Profijt is logging in to WebUntis as this API user already.",
        *_WAIT,
    ),
    Cause(
        "webuntis.second_factor",
        Owner.UNTIS_ADMIN,
        "WebUntis vraagt de API-gebruiker van de koppeling om een tweede factor, en die kan een koppeling niet geven.",
        "WebUntis asks the coupling's API user for a second factor, which a coupling cannot give.",
        "Zet in WebUntis de tweestapsverificatie uit voor deze gebruiker en bewaar het wachtwoord opnieuw in Profijt.",
        "Switch two-factor authentication off for this user in WebUntis and save the password in Profijt again.",
    ),
    Cause(
        "webuntis.between_years",
        Owner.NOBODY,
        "WebUntis kent op dit moment geen lopend schooljaar.",
        "WebUntis has no current school year at the moment.",
        "U hoeft niets te doen: bij het begin van het schooljaar gaat het vanzelf verder.",
        "Nothing to do: it goes on by itself when the school year begins.",
    ),
    Cause(
        "webuntis.session_lost",
        Owner.NOBODY,
        "WebUntis verbrak de sessie van de koppeling twee keer achter elkaar.",
        "WebUntis ended the coupling's session twice in a row.",
        *_WAIT,
    ),
    Cause(
        "webuntis.lists_changed",
        Owner.NOBODY,
        "In WebUntis veranderden de schooljaren of de klassen terwijl het rooster werd gelezen.",
        "The school years or classes changed in WebUntis while the timetable was being read.",
        *_WAIT,
    ),
    Cause(
        "webuntis.rpc_refused",
        Owner.SUPPORT,
        "WebUntis keurt de vraag '{method}' af (code {error}).",
        "WebUntis does not accept the request '{method}' (code {error}).",
        *_OURS,
    ),
    Cause(
        "webuntis.rpc_unclear",
        Owner.SUPPORT,
        "WebUntis gaf op de vraag '{method}' een antwoord dat er niet bij hoort.",
        "WebUntis gave an answer that does not belong to the request '{method}'.",
        *_OURS,
    ),
    Cause(
        "webuntis.school_too_large",
        Owner.SUPPORT,
        "Deze school heeft samen {asks} klassen en docenten in WebUntis; Profijt leest er zo hooguit {most}.",
        "This school has {asks} classes and teachers in WebUntis; this way Profijt reads {most} at most.",
        "Laat Untis de applicatie Profijt het recht op roosters geven, of meld dit bij support (support@profijt.nu).",
        "Have Untis give the application Profijt the right to timetables, or tell support (support@profijt.nu).",
    ),
)

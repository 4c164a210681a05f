"""Causes about Google Classroom: a teacher's consent, the school's settings at Google, and what Classroom answers."""

from shared.domain.causes.cause import Cause, Owner

_AGAIN = (
    "Kies in Profijt opnieuw Koppelen met Google.",
    "Choose Connect to Google in Profijt again.",
)
_TICKED = (
    "Kies in Profijt opnieuw Koppelen met Google en laat bij Google alle vinkjes staan.",
    "Choose Connect to Google in Profijt again and leave everything ticked at Google.",
)
_SUPPORT = (
    "Neem contact op met support (support@profijt.nu) en noem de tijd van deze melding.",
    "Contact support (support@profijt.nu) and mention the time of this message.",
)


def _teacher(code: str, nl: str, en: str, remedy: tuple[str, str] = _AGAIN) -> Cause:
    return Cause(code, Owner.TEACHER, nl, en, *remedy)


def _support(code: str, nl: str, en: str) -> Cause:
    return Cause(code, Owner.SUPPORT, nl, en, *_SUPPORT)


CLASSROOM: tuple[Cause, ...] = (
    # consent
    _teacher(
        "classroom.consent_ended",
        "Google laat Profijt niet meer bij uw Classroom: de toestemming is ingetrokken of verlopen.",
        "Google no longer lets Profijt into your Classroom: the consent was withdrawn or has expired.",
    ),
    _teacher(
        "classroom.no_consent",
        "Profijt mag uw Google Classroom nog niet lezen.",
        "Profijt may not read your Google Classroom yet.",
        ("Kies in Profijt Koppelen met Google.", "Choose Connect to Google in Profijt."),
    ),
    _teacher(
        "classroom.consent_declined",
        "U hebt bij Google geen toestemming gegeven.",
        "You did not give consent at Google.",
    ),
    _teacher(
        "classroom.consent_refused",
        "Google heeft deze toestemming niet bevestigd; er is niets bewaard.",
        "Google did not confirm this consent; nothing was kept.",
    ),
    _teacher(
        "classroom.rights_not_given",
        "Bij Google zijn niet alle rechten gegeven; dit ontbreekt: {rights}.",
        "Not all rights were given at Google; missing: {rights}.",
        _TICKED,
    ),
    _teacher(
        "classroom.right_missing",
        "Google staat Profijt dit onderdeel van uw Classroom niet toe: {what}.",
        "Google does not allow Profijt this part of your Classroom: {what}.",
        _TICKED,
    ),
    _teacher(
        "classroom.state_unknown",
        "Deze terugkeer van Google is niet geldig: zij werd al gebruikt, het duurde langer dan 10 minuten, of een "
        "ander dan u koos Koppelen met Google.",
        "This return from Google is not valid: it was used before, it took more than 10 minutes, or somebody else than "
        "you chose Connect to Google.",
    ),
    _teacher(
        "classroom.other_account",
        "U hebt toestemming gegeven met een ander Google-account dan het account met uw e-mailadres in Profijt. "
        "Daarvan is niets bewaard.",
        "You consented with another Google account than the one with your e-mail address in Profijt. Nothing "
        "was kept of it.",
        (
            "Kies opnieuw Koppelen met Google en kies daar uw schoolaccount. Klopt het e-mailadres in Profijt niet, "
            "laat dat dan eerst verbeteren.",
            "Choose Connect to Google again and pick your school account there. If the e-mail address in Profijt is "
            "wrong, have it corrected first.",
        ),
    ),
    Cause(
        "classroom.no_email",
        Owner.ADMIN,
        "In Profijt staat bij u geen e-mailadres, dus is niet te zien of een Google-account het uwe is.",
        "Profijt has no e-mail address for you, so it cannot tell whether a Google account is yours.",
        "Laat in Profijt bij deze gebruiker het e-mailadres van het schoolaccount invullen.",
        "Have the e-mail address of the school account filled in for this user in Profijt.",
    ),
    # the school's and our own settings at Google
    Cause(
        "classroom.not_offered",
        Owner.SUPPORT,
        "Google Classroom is in deze omgeving van Profijt niet ingericht.",
        "Google Classroom is not set up in this environment of Profijt.",
        "Vraag support (support@profijt.nu) om het in te richten. Cijfers uit Profijt zelf exporteren kan wel.",
        "Ask support (support@profijt.nu) to set it up. Exporting grades of Profijt itself is possible.",
    ),
    Cause(
        "classroom.api_off",
        Owner.ADMIN,
        "De school heeft bij Google de toegang van apps tot Classroom uitgezet.",
        "The school has switched off access of apps to Classroom at Google.",
        "Laat de Google-beheerder in de Beheerdersconsole bij Classroom, Gegevenstoegang de Classroom-API aanzetten.",
        "Have the Google administrator switch the Classroom API on in the Admin console, at Classroom, Data access.",
    ),
    Cause(
        "classroom.delegation_refused",
        Owner.ADMIN,
        "Google staat Profijt niet toe om namens docenten van de school Classroom te lezen.",
        "Google does not allow Profijt to read Classroom on behalf of the school's teachers.",
        "Laat de Google-beheerder in de Beheerdersconsole bij Domeinbrede machtiging Profijt met alle gevraagde "
        "rechten toevoegen, en controleer of de docent daar een account heeft.",
        "Have the Google administrator add Profijt with all the rights asked for at Domain-wide delegation in the "
        "Admin console, and check that the teacher has an account there.",
    ),
    _support(
        "classroom.not_enabled",
        "De Classroom-API staat niet aan voor Profijt zelf.",
        "The Classroom API is not enabled for Profijt itself.",
    ),
    _support(
        "classroom.client_refused",
        "Google kent Profijt niet met de ingestelde gegevens.",
        "Google does not know Profijt by the details that are set.",
    ),
    # answers
    _support(
        "classroom.refused",
        "Google keurt de vraag van Profijt af: {what} (status {status}).",
        "Google does not accept Profijt's request: {what} (status {status}).",
    ),
    _support(
        "classroom.unexpected_shape",
        "Google gaf een antwoord dat Profijt niet kan lezen: {what}.",
        "Google gave an answer that Profijt cannot read: {what}.",
    ),
    _support(
        "classroom.list_incomplete",
        "Google gaf de lijst {what} niet volledig; er is niets van gebruikt.",
        "Google did not give the whole list of {what}; none of it was used.",
    ),
)

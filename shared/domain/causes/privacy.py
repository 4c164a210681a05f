"""Causes about one person's data, and about what support may see of a school."""

from shared.domain.causes.cause import Cause, Owner

PRIVACY: tuple[Cause, ...] = (
    Cause(
        "person.unknown",
        Owner.NOBODY,
        "Over deze gebruiker is niets opgeslagen.",
        "Nothing is stored about this user.",
        "Controleer het id van de gebruiker.",
        "Check the user's id.",
    ),
    Cause(
        "person.confirm",
        Owner.ADMIN,
        "Wissen kan niet ongedaan worden gemaakt en is nog niet bevestigd; er is niets gewist.",
        "Erasing cannot be undone and was not confirmed yet; nothing was erased.",
        "Herhaal het verzoek met ?bevestig= en daarachter het id van deze gebruiker.",
        "Repeat the request with ?bevestig= followed by the id of this user.",
    ),
    Cause(
        "bundle.no_consent",
        Owner.ADMIN,
        "De school heeft support geen toestemming gegeven om mee te kijken, of die is verlopen.",
        "The school has not allowed support to look along, or that has expired.",
        "Vraag een Profijt-beheerder van de school om support tijdelijk te laten meekijken, met "
        'POST /support-consent {{"hours": 24}} (handleiding, stap 15).',
        "Ask a Profijt administrator of the school to let support look along for some hours, with "
        'POST /support-consent {{"hours": 24}} (manual, step 15).',
    ),
)

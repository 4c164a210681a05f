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
        "De school heeft support (nu) geen toestemming gegeven om mee te kijken.",
        "The school has not (or no longer) allowed support to look along.",
        "Vraag een Profijt-beheerder van de school om toestemming te geven bij Privacy, Toestemming voor support.",
        "Ask a Profijt administrator of the school to give consent under Privacy, Consent for support.",
    ),
)

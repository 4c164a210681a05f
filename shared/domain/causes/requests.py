"""Causes about asking: the request itself, who is asking, and what a caller can do when Profijt fails."""

from shared.domain.causes.cause import Cause, Owner

_ASK_SUPPORT = (
    "Meld dit bij support (support@profijt.nu), met het kenmerk (trace_id) van deze melding.",
    "Tell support (support@profijt.nu), with the reference (trace_id) of this message.",
)
_CALLER_MENDS = (
    "Laat de maker van het programma dat dit verzoek stuurt het verbeteren; de beschrijving staat in /v1/openapi.json.",
    "Have the maker of the program that sends this request correct it; /v1/openapi.json describes what is expected.",
)
_FIX_FIELD = (
    "Verbeter dit veld en verstuur de gegevens opnieuw; er is niets opgeslagen.",
    "Correct this field and send the data again; nothing was stored.",
)
_SIGN_IN = ("Meld u opnieuw aan bij Profijt.", "Sign in to Profijt again.")


def _support(code: str, nl: str, en: str, remedy: tuple[str, str] = _CALLER_MENDS) -> Cause:
    return Cause(code, Owner.SUPPORT, nl, en, *remedy)


def _admin(code: str, nl: str, en: str, remedy: tuple[str, str] = _FIX_FIELD) -> Cause:
    return Cause(code, Owner.ADMIN, nl, en, *remedy)


REQUESTS: tuple[Cause, ...] = (
    # what is asked for
    _support("request.path_unknown", "Dit adres bestaat niet.", "This address does not exist."),
    _support(
        "request.method_unknown",
        "Deze handeling bestaat niet op dit adres; wel: {allow}.",
        "This action does not exist at this address; these do: {allow}.",
    ),
    _admin(
        "request.not_found",
        "Dit bestaat niet, of het is niet van uw school.",
        "This does not exist, or it does not belong to your school.",
        (
            "Controleer het adres en of u bij de juiste school bent aangemeld.",
            "Check the address, and that you are signed in at the right school.",
        ),
    ),
    _admin(
        "request.not_allowed",
        "U mag dit niet met uw rol in Profijt.",
        "Your role in Profijt does not allow this.",
        (
            "Vraag een beheerder van uw school om dit te doen of uw rol aan te passen.",
            "Ask an administrator of your school to do this, or to change your role.",
        ),
    ),
    # how it is sent
    _admin(
        "request.too_large",
        "Dit is te groot om in één keer te versturen: hoogstens {limit} bytes.",
        "This is too large to send at once: at most {limit} bytes.",
        ("Verdeel de gegevens over meer verzoeken.", "Spread the data over several requests."),
    ),
    _support(
        "request.cut_off",
        "Het verzoek kwam maar voor een deel aan; er is niets mee gedaan.",
        "Only part of the request arrived; nothing was done with it.",
        ("Probeer het opnieuw.", "Try again."),
    ),
    _support(
        "request.encoding",
        "Ingepakte inhoud (Content-Encoding) wordt niet aangenomen.",
        "Packed content (Content-Encoding) is not accepted.",
    ),
    _support(
        "request.media",
        "Dit soort inhoud wordt hier niet aangenomen; wel, in UTF-8: {media}.",
        "This kind of content is not accepted here; this is, in UTF-8: {media}.",
    ),
    _support("request.body_missing", "Het verzoek heeft geen inhoud.", "The request has no content."),
    _support(
        "request.body_unexpected",
        "Dit verzoek hoort geen inhoud te hebben.",
        "This request should not have any content.",
    ),
    _support("request.json_malformed", "De inhoud is geen geldige JSON.", "The content is not valid JSON."),
    _support("request.json_deep", "De JSON is te diep genest.", "The JSON is nested too deeply."),
    _support("request.not_utf8", "De inhoud is geen UTF-8.", "The content is not UTF-8."),
    # what is in it
    _admin(
        "request.body_invalid",
        "De gegevens kloppen niet; bij `errors` staat waar. Er is niets opgeslagen.",
        "The data are not right; `errors` says where. Nothing was stored.",
        (
            "Verbeter de genoemde velden en verstuur de gegevens opnieuw.",
            "Correct those fields and send the data again.",
        ),
    ),
    _support(
        "request.query_invalid",
        "De vraag achter het vraagteken in het adres klopt niet; bij `errors` staat waar.",
        "The question behind the question mark in the address is not right; `errors` says where.",
    ),
    _support("request.query_unknown", "De parameter {field} bestaat niet.", "There is no parameter {field}."),
    _support(
        "request.query_repeated",
        "De parameter {field} staat er meer dan één keer.",
        "The parameter {field} is given more than once.",
    ),
    _admin("request.field_missing", "Het veld {field} ontbreekt.", "The field {field} is missing."),
    _admin("request.field_unknown", "Het veld {field} bestaat niet.", "There is no field {field}."),
    _admin(
        "request.field_type",
        "Hier hoort {expected} te staan, niet {got}.",
        "This should be {expected}, not {got}.",
    ),
    _admin(
        "request.field_length",
        "Dit heeft niet de juiste lengte: {limit}.",
        "This does not have the right length: {limit}.",
    ),
    _admin(
        "request.field_size",
        "Dit getal valt buiten de grens: {limit}.",
        "This number is outside its limit: {limit}.",
    ),
    _admin("request.field_form", "Dit heeft niet de juiste vorm.", "This does not have the right form."),
    _admin(
        "request.field_choice",
        "Dit is geen van de mogelijke waarden.",
        "This is none of the possible values.",
        (
            "Kies een van de waarden die /v1/openapi.json noemt.",
            "Choose one of the values that /v1/openapi.json lists.",
        ),
    ),
    _admin("request.field_value", "Deze waarde kan hier niet.", "This value is not possible here."),
    # two at once
    _admin(
        "request.stale",
        "Dit is intussen gewijzigd; uw wijziging is niet opgeslagen. `changes` zegt wat er nu staat en wat u wilde.",
        "This was changed meanwhile; yours was not stored. `changes` tells what is there now and what you wanted.",
        (
            "Haal de nieuwste versie op en breng uw wijziging daarin aan.",
            "Get the latest version and make your change in that.",
        ),
    ),
    _support(
        "request.match_required",
        "Bij deze wijziging hoort de versie die u gezien hebt (If-Match).",
        "This change needs the version that you have seen (If-Match).",
    ),
    _support(
        "request.key_malformed",
        "De Idempotency-Key moet uit 1 tot 255 zichtbare ASCII-tekens bestaan.",
        "The Idempotency-Key must be 1 to 255 visible ASCII characters.",
    ),
    _support(
        "request.key_reused",
        "Deze Idempotency-Key is al gebruikt voor een ander verzoek.",
        "This Idempotency-Key was used for another request already.",
    ),
    _admin(
        "request.in_flight",
        "Ditzelfde verzoek wordt nog uitgevoerd.",
        "This same request is still being carried out.",
        ("Wacht {seconds} seconden en kijk dan opnieuw.", "Wait {seconds} seconds, then look again."),
    ),
    _admin(
        "request.answer_not_kept",
        "Dit verzoek is al uitgevoerd; het antwoord was te groot om te bewaren.",
        "This request was carried out already; its answer was too large to keep.",
        (
            "Haal het resultaat op in plaats van het verzoek te herhalen.",
            "Get the result instead of repeating the request.",
        ),
    ),
    _admin(
        "request.too_many",
        "Dit is voor uw school zojuist al gevraagd; het kan nu niet nog eens.",
        "This was asked for your school a moment ago; it cannot be asked again now.",
        ("Wacht {wait} en probeer het dan opnieuw.", "Wait {wait}, then try again."),
    ),
    # who is asking
    _admin(
        "token.missing",
        "U bent niet aangemeld.",
        "You are not signed in.",
        ("Meld u aan bij Profijt.", "Sign in to Profijt."),
    ),
    _admin("token.expired", "Uw aanmelding is verlopen.", "Your sign-in has expired.", _SIGN_IN),
    _support("token.malformed", "Het aanmeldbewijs is niet leesbaar.", "The token cannot be read.", _SIGN_IN),
    _support(
        "token.algorithm",
        "Het aanmeldbewijs is niet ondertekend zoals wij vragen.",
        "The token is not signed the way we ask.",
    ),
    _support(
        "token.signature",
        "De handtekening van het aanmeldbewijs klopt niet.",
        "The signature of the token is not right.",
        _SIGN_IN,
    ),
    _support(
        "token.key_unknown",
        "Het aanmeldbewijs is ondertekend met een onbekende sleutel.",
        "The token is signed with an unknown key.",
        _SIGN_IN,
    ),
    _support(
        "token.issuer", "Het aanmeldbewijs is niet door Profijt uitgegeven.", "The token was not issued by Profijt."
    ),
    _support(
        "token.audience", "Het aanmeldbewijs is voor een andere dienst.", "The token is meant for another service."
    ),
    _support(
        "token.not_yet",
        "Het aanmeldbewijs is nog niet geldig.",
        "The token is not valid yet.",
        ("Controleer de klok van het systeem dat het uitgaf.", "Check the clock of the system that issued it."),
    ),
    _support(
        "token.claim_missing",
        "In het aanmeldbewijs ontbreekt {claim}, of het is onbruikbaar.",
        "The token lacks {claim}, or it cannot be used.",
        _ASK_SUPPORT,
    ),
    _support(
        "token.machine_unknown",
        "Dit systeem mag de koppelingen niet aanroepen.",
        "This system may not call the service.",
        _ASK_SUPPORT,
    ),
    _support(
        "identity.unreachable",
        "De aanmelddienst is niet bereikbaar, dus Profijt kan nu niet zien wie u bent.",
        "The sign-in service cannot be reached, so Profijt cannot see now who you are.",
        ("Probeer het over een minuut opnieuw.", "Try again in a minute."),
    ),
    # us
    _support(
        "service.failed",
        "Er ging iets mis in Profijt; er is een melding van gemaakt.",
        "Something went wrong in Profijt; it has been reported.",
        (
            "Probeer het later opnieuw. Blijft het misgaan, geef support (support@profijt.nu) het kenmerk (trace_id).",
            "Try again later. If it keeps failing, give support (support@profijt.nu) the reference (trace_id).",
        ),
    ),
)

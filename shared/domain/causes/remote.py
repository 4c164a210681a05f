"""Causes that lie with another system: the network, an address that may not be called, and (beside this) WebUntis."""

from shared.domain.causes.cause import Cause, Owner
from shared.domain.causes.webuntis import WEBUNTIS

_WAIT_NL = "U hoeft niets te doen: er wordt vanzelf opnieuw geprobeerd. Blijft dit een dag zo, meld het dan bij {who}."
_WAIT_EN = "Nothing to do: it is tried again by itself. If this lasts a day, report it to {who}."


def _passing(code: str, nl: str, en: str, *, who: str = "support (support@profijt.nu)") -> Cause:
    """A failure of the moment: nobody has to mend anything unless it stays."""
    return Cause(code, Owner.NOBODY, nl, en, _WAIT_NL.replace("{who}", who), _WAIT_EN.replace("{who}", who))


def _ours(code: str, nl: str, en: str) -> Cause:
    """Something only Profijt's support can look into."""
    return Cause(
        code,
        Owner.SUPPORT,
        nl,
        en,
        "Neem contact op met support (support@profijt.nu) en noem de tijd van deze melding.",
        "Contact support (support@profijt.nu) and mention the time of this message.",
    )


def _typed(code: str, nl: str, en: str) -> Cause:
    """An address that somebody filled in and that may not be called."""
    return Cause(
        code,
        Owner.ADMIN,
        nl,
        en,
        "Vul het adres in zoals u het hebt gekregen: https:// en de naam van een server op internet, bijvoorbeeld "
        "https://school.voorbeeld.nl.",
        "Fill in the address as it was given to you: https:// and the name of a server on the internet, for example "
        "https://school.example.com.",
    )


HTTP = (
    _passing("http.dns", "Het adres {host} is niet gevonden.", "The address {host} was not found."),
    _passing("http.connect", "Er kwam geen verbinding met {host} tot stand.", "No connection to {host} could be made."),
    _passing(
        "http.connect_timeout",
        "{host} nam niet op tijd op: er kwam geen verbinding.",
        "{host} did not accept a connection in time.",
    ),
    _passing("http.read_timeout", "{host} gaf niet op tijd antwoord.", "{host} did not answer in time."),
    _passing(
        "http.deadline",
        "Het antwoord van {host} kwam zo langzaam dat is opgehangen.",
        "The answer of {host} came so slowly that we hung up.",
    ),
    _passing(
        "http.half_answer",
        "Het antwoord van {host} brak halverwege af; er is niets van gebruikt.",
        "The answer of {host} broke off halfway; none of it was used.",
    ),
    _passing(
        "http.server_error",
        "{host} meldt een storing (status {status}).",
        "{host} reports a failure on its side (status {status}).",
    ),
    _passing(
        "http.throttled",
        "{host} vraagt om even te wachten met nieuwe vragen.",
        "{host} asks us to wait before asking more.",
    ),
    _ours(
        "http.tls",
        "Met {host} kon geen veilige verbinding worden gemaakt: het certificaat klopt niet of is verlopen.",
        "No secure connection to {host} could be made: its certificate is wrong or has expired.",
    ),
    _ours(
        "http.too_large",
        "Het antwoord van {host} is groter dan toegestaan en is niet gelezen.",
        "The answer of {host} is larger than allowed and was not read.",
    ),
    _ours(
        "http.too_deep",
        "Het antwoord van {host} is zo diep genest dat het niet te vertrouwen is.",
        "The answer of {host} is nested so deeply that it cannot be trusted.",
    ),
    _ours(
        "http.encoding",
        "Het antwoord van {host} is ingepakt op een manier die niet gelezen kan worden.",
        "The answer of {host} is packed in a way that cannot be read.",
    ),
    _ours(
        "http.html",
        "{host} gaf een webpagina (bijvoorbeeld een inlog- of onderhoudspagina) in plaats van gegevens.",
        "{host} gave a web page (a login or maintenance page, say) instead of data.",
    ),
    _ours("http.not_json", "Het antwoord van {host} is niet te lezen.", "The answer of {host} cannot be read."),
    _ours(
        "http.redirected",
        "{host} verwijst door naar {to}; daar wordt om veiligheidsredenen niet heen gegaan.",
        "{host} redirects to {to}, which is not followed for safety.",
    ),
    _ours(
        "http.not_authorized",
        "{host} weigert de toegang (status {status}).",
        "{host} refuses access (status {status}).",
    ),
    _ours(
        "http.refused", "{host} weigert de vraag (status {status}).", "{host} refuses the request (status {status})."
    ),
    _ours(
        "http.bad_request",
        "De vraag aan {host} bevat tekens die niet verstuurd kunnen worden.",
        "The request to {host} holds characters that cannot be sent.",
    ),
)

ADDRESS = (
    _typed("address.not_https", "Een adres moet met https:// beginnen.", "An address has to begin with https://."),
    _typed("address.malformed", "Dit is geen leesbaar adres.", "This is not a readable address."),
    _typed("address.too_long", "Dit adres is te lang.", "This address is too long."),
    _typed(
        "address.user_info",
        "In een adres mag geen gebruikersnaam of wachtwoord staan.",
        "An address may not hold a user name or password.",
    ),
    _typed("address.port", "In een adres mag geen poort staan.", "An address may not hold a port."),
    _typed(
        "address.ip_literal",
        "Een adres moet een naam zijn, geen IP-nummer.",
        "An address has to be a name, not an IP number.",
    ),
    _typed(
        "address.host_name",
        "De naam van de server klopt niet of is alleen binnen een netwerk bekend.",
        "The server's name is not valid, or is known inside a network only.",
    ),
    _typed(
        "address.not_public",
        "{host} is geen openbare server op internet.",
        "{host} is not a public server on the internet.",
    ),
)

REMOTE: tuple[Cause, ...] = (*HTTP, *ADDRESS, *WEBUNTIS)

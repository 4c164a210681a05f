"""Causes at a SIS (LIS) that speaks OneRoster: what its answers about access, lists, items and results mean."""

from shared.domain.causes.cause import Cause, Owner

_LIS_NL = "Profijt, Instellingen, LIS"
_LIS_EN = "Profijt, Settings, SIS"


def _standard(code: str, nl: str, en: str) -> Cause:
    """The SIS does not do what the standard says; its supplier or we have to look."""
    return Cause(
        code,
        Owner.SUPPORT,
        nl,
        en,
        "Neem contact op met support (support@profijt.nu) en noem de tijd van deze melding en de naam van het LIS.",
        "Contact support (support@profijt.nu) and mention the time of this message and the name of the SIS.",
    )


ONEROSTER: tuple[Cause, ...] = (
    Cause(
        "oneroster.credentials_refused",
        Owner.SIS_ADMIN,
        "Het LIS ({host}) weigert de Toegangssleutel of de Geheime code.",
        "The SIS ({host}) refuses the access key or the secret.",
        "Controleer in het LIS of de sleutel actief en niet verlopen is, maak zo nodig een nieuwe geheime code en vul "
        f"beide opnieuw in bij {_LIS_NL}.",
        "Check in the SIS that the key is active and has not expired, make a new secret if need be, and fill in both "
        f"again at {_LIS_EN}.",
    ),
    Cause(
        "oneroster.clock_skew",
        Owner.SIS_ADMIN,
        "Het LIS ({host}) weigert de ondertekening; de klok daar wijkt {minutes} minuten af.",
        "The SIS ({host}) refuses the signature; the clock there is {minutes} minutes off.",
        "Laat de klok van de server van het LIS gelijkzetten. De sleutel hoeft niet opnieuw te worden ingevuld.",
        "Have the clock of the SIS's server set right. The key need not be filled in again.",
    ),
    Cause(
        "oneroster.scope_refused",
        Owner.SIS_ADMIN,
        "Het LIS ({host}) geeft de sleutel geen van de rechten waar Profijt om vraagt.",
        "The SIS ({host}) gives the key none of the rights that Profijt asks for.",
        "Geef de sleutel in het LIS het recht om lesgroepen te lezen en om cijfers te lezen en te schrijven.",
        "Give the key, in the SIS, the right to read classes and to read and write grades.",
    ),
    Cause(
        "oneroster.right_missing",
        Owner.SIS_ADMIN,
        "Het LIS ({host}) kent de sleutel, maar staat dit niet toe: {what}.",
        "The SIS ({host}) knows the key, but does not allow this: {what}.",
        "Geef de sleutel in het LIS het recht om lesgroepen te lezen en om cijfers te lezen en te schrijven, en "
        "controleer of de licentie daarvoor er is.",
        "Give the key, in the SIS, the right to read classes and to read and write grades, and check that the licence "
        "for it is there.",
    ),
    Cause(
        "oneroster.token_url_unknown",
        Owner.ADMIN,
        "Op {host} is geen Verificatie-URL gevonden.",
        "No token address was found at {host}.",
        f"Vul de Verificatie-URL (Authentication URL, Token URL) van het LIS in bij {_LIS_NL}.",
        f"Fill in the SIS's authentication or token URL at {_LIS_EN}.",
    ),
    _standard(
        "oneroster.bad_token",
        "De Verificatie-URL op {host} gaf een antwoord zonder bruikbare toegang.",
        "The token address at {host} gave an answer without usable access.",
    ),
    Cause(
        "oneroster.not_there",
        Owner.SIS_ADMIN,
        "Het LIS ({host}) kent dit niet (meer): {what}.",
        "The SIS ({host}) does not know this, or no longer: {what}.",
        "Controleer of de lesgroep, het onderdeel of de leerling nog in het LIS staat, en koppel de lesgroep zo nodig "
        "opnieuw.",
        "Check that the class, the item or the student is still in the SIS, and link the class again if need be.",
    ),
    Cause(
        "oneroster.not_supported",
        Owner.SIS_ADMIN,
        "Het LIS ({host}) biedt dit niet: {what}.",
        "The SIS ({host}) does not offer this: {what}.",
        "Vraag de leverancier van het LIS of cijfers terugschrijven met OneRoster (gradebook) is inbegrepen.",
        "Ask the supplier of the SIS whether writing grades back by OneRoster (gradebook) is included.",
    ),
    Cause(
        "oneroster.refused",
        Owner.SIS_ADMIN,
        "Het LIS ({host}) weigert dit: {what} (status {status}).",
        "The SIS ({host}) refuses this: {what} (status {status}).",
        "Lees wat het LIS erbij zegt: vaak is de periode gesloten, ontbreekt de categorie of is een waarde niet "
        "toegestaan. Pas dat aan en exporteer opnieuw.",
        "Read what the SIS says about it: often the period is closed, the category is missing or a value is not "
        "allowed. Change that and export again.",
    ),
    _standard(
        "oneroster.unexpected_shape",
        "Het antwoord van het LIS is geen OneRoster: {what}.",
        "The answer of the SIS is no OneRoster: {what}.",
    ),
    _standard(
        "oneroster.list_incomplete",
        "Het LIS gaf de lijst {what} niet volledig; er is niets van gebruikt ({why}).",
        "The SIS did not give the whole list of {what}; none of it was used ({why}).",
    ),
    Cause(
        "oneroster.teacher_unknown",
        Owner.SIS_ADMIN,
        "Het LIS kent geen docent met uw e-mailadres.",
        "The SIS knows no teacher with your e-mail address.",
        "Laat in het LIS bij de docent hetzelfde e-mailadres invullen als waarmee bij Profijt wordt ingelogd.",
        "Have the SIS hold the same e-mail address for the teacher as is used to log in at Profijt.",
    ),
    Cause(
        "oneroster.teacher_twice",
        Owner.SIS_ADMIN,
        "In het LIS hebben {teachers} docenten hetzelfde e-mailadres; er wordt niet gegokt.",
        "In the SIS {teachers} teachers have the same e-mail address; we do not guess.",
        "Laat in het LIS elke docent een eigen e-mailadres geven.",
        "Have the SIS give every teacher an e-mail address of their own.",
    ),
    Cause(
        "oneroster.not_kept",
        Owner.SIS_ADMIN,
        "Het LIS bevestigt niet: het nam dit aan, maar heeft het niet bewaard ({what}).",
        "The SIS does not confirm: it accepted this, but has not kept it ({what}).",
        "Exporteer opnieuw. Blijft dit zo, vraag dan de leverancier van het LIS waarom het niet bewaard wordt.",
        "Export again. If it stays like this, ask the supplier of the SIS why it is not kept.",
    ),
    Cause(
        "oneroster.deleted_there",
        Owner.SIS_ADMIN,
        "Dit is in het LIS verwijderd, en het LIS maakt het niet opnieuw aan ({what}).",
        "This was deleted in the SIS, and the SIS does not make it again ({what}).",
        "Zet het terug in het LIS, of kies bij de export voor een nieuw onderdeel.",
        "Restore it in the SIS, or choose a new item when exporting.",
    ),
    Cause(
        "oneroster.unsendable",
        Owner.ADMIN,
        "Dit kan geen LIS aannemen: {field} ontbreekt of heeft geen bruikbare waarde.",
        "No SIS can take this: {field} is missing or has no usable value.",
        "Vul de waarde in of verbeter die, en exporteer opnieuw.",
        "Fill in the value or correct it, and export again.",
    ),
)

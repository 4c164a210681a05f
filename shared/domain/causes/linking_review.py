"""Causes about linking that leave the choice to a person: names that only resemble, and the identifying attribute.

Blanks: {attribute} is the name of a field, {attributes} the names that can be chosen.
"""

from shared.domain.causes.cause import Cause, Owner

_ADMIN, _UNTIS = Owner.ADMIN, Owner.UNTIS_ADMIN
_CHOOSE = (
    "Kies bij de koppelingen de juiste persoon, of maak de naam in Profijt en WebUntis gelijk.",
    "Choose the right person under links, or make the name in Profijt and WebUntis equal.",
)


def said(code: str, owner: Owner, nl: str, en: str, remedy: tuple[str, str]) -> Cause:
    """The cause `link.<code>`; `remedy` in Dutch and English."""
    return Cause(f"link.{code}", owner, nl, en, *remedy)


RESEMBLES: tuple[Cause, ...] = (
    said(
        "no_name",
        _ADMIN,
        "Deze gebruiker heeft in Profijt geen naam.",
        "This user has no name in Profijt.",
        ("Vul voor- en achternaam in.", "Fill in first and last name."),
    ),
    said(
        "not_found",
        _UNTIS,
        "Niemand in WebUntis lijkt op deze gebruiker.",
        "Nobody in WebUntis resembles this user.",
        (
            "Controleer of de persoon in WebUntis staat, met een ID-nummer.",
            "Check that the person is in WebUntis, with an ID number.",
        ),
    ),
    said(
        "initials_only",
        _ADMIN,
        "De naam is gelijk, maar bestaat uit voorletters of één woord; dat past bij meer mensen.",
        "The name is the same, but consists of initials or a single word; that fits more people.",
        _CHOOSE,
    ),
    said(
        "cut_differently",
        _ADMIN,
        "De letters van de naam zijn gelijk, maar anders over de woorden verdeeld.",
        "The letters of the name are the same, but divided differently over the words.",
        _CHOOSE,
    ),
    said(
        "name_differs",
        _ADMIN,
        "Het nummer of de Afkorting is gelijk, maar de naam is een andere.",
        "The number or abbreviation is the same, but the name is another one.",
        _CHOOSE,
    ),
    said(
        "spelling",
        _ADMIN,
        "De namen klinken gelijk maar zijn anders gespeld (ij en y, oe en ö).",
        "The names sound alike but are spelt differently (ij and y, oe and ö).",
        _CHOOSE,
    ),
    said(
        "extra_forename",
        _ADMIN,
        "In een van beide systemen staan meer voornamen.",
        "One of the systems has more forenames.",
        _CHOOSE,
    ),
    said(
        "prefix_abbreviated",
        _ADMIN,
        "Het tussenvoegsel is in een van beide systemen afgekort.",
        "The prefix (tussenvoegsel) is abbreviated in one of the systems.",
        _CHOOSE,
    ),
    said(
        "call_name",
        _ADMIN,
        "In een van beide systemen staat waarschijnlijk de roepnaam.",
        "One of the systems probably has the call name.",
        _CHOOSE,
    ),
    said(
        "prefix_missing",
        _ADMIN,
        "Het tussenvoegsel ontbreekt in een van beide systemen.",
        "The prefix (tussenvoegsel) is missing in one of the systems.",
        _CHOOSE,
    ),
    said(
        "one_edit",
        _ADMIN,
        "De namen schelen één letter; dat kan een tikfout zijn of iemand anders.",
        "The names differ in one letter; that may be a typing error or somebody else.",
        _CHOOSE,
    ),
    said(
        "half_surname",
        _ADMIN,
        "In een van beide systemen staat maar een deel van de achternaam.",
        "One of the systems has only part of the surname.",
        _CHOOSE,
    ),
    said(
        "initials",
        _ADMIN,
        "In een van beide systemen staan alleen voorletters; die passen bij meer mensen.",
        "One of the systems has only initials; they fit more people.",
        _CHOOSE,
    ),
    said(
        "letters_lost",
        _ADMIN,
        "In een van beide systemen zijn letters van de naam verloren gegaan, waarschijnlijk bij een import.",
        "One of the systems lost letters of the name, probably in an import.",
        _CHOOSE,
    ),
    said(
        "short_form",
        _ADMIN,
        "De voornaam lijkt in een van beide systemen een kortere vorm.",
        "The forename seems a shorter form in one of the systems.",
        _CHOOSE,
    ),
    said("two_edits", _ADMIN, "De namen schelen een paar letters.", "The names differ in a few letters.", _CHOOSE),
    said(
        "no_forename",
        _ADMIN,
        "In een van beide systemen ontbreekt de voornaam.",
        "One of the systems has no forename.",
        _CHOOSE,
    ),
    said(
        "prefix_different",
        _ADMIN,
        "Het tussenvoegsel is een ander.",
        "The prefix (tussenvoegsel) is another one.",
        _CHOOSE,
    ),
)

ATTRIBUTE: tuple[Cause, ...] = (
    said(
        "attribute_empty",
        _ADMIN,
        "Het gekozen kenmerk ({attribute}) is bij deze gebruiker leeg.",
        "The chosen attribute ({attribute}) is empty for this user.",
        ("Vul het kenmerk in Profijt in.", "Fill in the attribute in Profijt."),
    ),
    said(
        "attribute_not_chosen",
        _ADMIN,
        "Voor deze rol is geen identificerend kenmerk gekozen.",
        "No identifying attribute was chosen for this role.",
        (
            "Kies bij de instellingen een kenmerk, of zet automatisch koppelen aan.",
            "Choose an attribute in the settings, or switch on automatic linking.",
        ),
    ),
    said(
        "attribute_not_found",
        _UNTIS,
        "Niemand in WebUntis heeft dit kenmerk ({attribute}) als ID-nummer.",
        "Nobody in WebUntis has this attribute ({attribute}) as ID number.",
        (
            "Controleer of in WebUntis en in Profijt hetzelfde is ingevuld, ook de nullen vooraan.",
            "Check that WebUntis and Profijt hold the same value, leading zeros included.",
        ),
    ),
    said(
        "attribute_shared",
        _ADMIN,
        "Meer gebruikers in Profijt hebben hetzelfde kenmerk ({attribute}).",
        "More users in Profijt have the same attribute ({attribute}).",
        ("Geef elke gebruiker een eigen kenmerk.", "Give every user an attribute of their own."),
    ),
    said(
        "attribute_lookalike",
        _ADMIN,
        "Er is een ID-nummer dat er hetzelfde uitziet maar uit andere tekens bestaat.",
        "There is an ID number that looks the same but consists of other characters.",
        ("Typ het kenmerk en het ID-nummer opnieuw in.", "Type the attribute and the ID number again."),
    ),
    said(
        "attribute_unknown",
        _ADMIN,
        "Dit kenmerk kan niet worden gekozen; kies uit: {attributes}.",
        "This attribute cannot be chosen; choose one of: {attributes}.",
        ("Kies een ander kenmerk.", "Choose another attribute."),
    ),
)

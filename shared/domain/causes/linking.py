"""Causes about linking: why a user is or is not linked to a WebUntis person, in words for the school.

Every code that `shared.domain.matching` puts in a decision or a candidate stands here. Blanks: {users} and {persons}
are counts, {attribute} the name of a field.
"""

from shared.domain.causes.cause import Cause, Owner

_ADMIN, _UNTIS, _NOBODY = Owner.ADMIN, Owner.UNTIS_ADMIN, Owner.NOBODY
_NOTHING = ("Niets te doen.", "Nothing to do.")
_CHOOSE = (
    "Kies bij de koppelingen de juiste persoon, of maak de naam in Profijt en WebUntis gelijk.",
    "Choose the right person under links, or make the name in Profijt and WebUntis equal.",
)
_BY_HAND = ("Kies bij de koppelingen zelf de juiste persoon.", "Choose the right person under links yourself.")
_FILL = (
    "Vul in WebUntis bij deze persoon een eigen ID-nummer in.",
    "Fill in an ID number of their own for this person in WebUntis.",
)


def _cause(code: str, owner: Owner, nl: str, en: str, remedy: tuple[str, str]) -> Cause:
    return Cause(f"link.{code}", owner, nl, en, *remedy)


_LINKED = (
    _cause(
        "same_letters",
        _NOBODY,
        "Gekoppeld: voor- en achternaam zijn gelijk en komen aan beide kanten één keer voor.",
        "Linked: first and last name are the same and occur once on each side.",
        _NOTHING,
    ),
    _cause(
        "same_words",
        _NOBODY,
        "Gekoppeld: dezelfde namen staan in de andere volgorde of samen in één veld.",
        "Linked: the same names stand in another order or together in one field.",
        _NOTHING,
    ),
    _cause(
        "confirmed_by_number",
        _NOBODY,
        "Gekoppeld: de namen lijken op elkaar en het Nummer is gelijk aan het ID-nummer.",
        "Linked: the names resemble each other and the number equals the ID number.",
        _NOTHING,
    ),
    _cause(
        "confirmed_by_abbreviation",
        _NOBODY,
        "Gekoppeld: de namen lijken op elkaar en de Afkorting is in beide systemen gelijk.",
        "Linked: the names resemble each other and the abbreviation is the same in both systems.",
        _NOTHING,
    ),
    _cause("by_hand", _NOBODY, "Met de hand gekoppeld.", "Linked by hand.", _NOTHING),
    _cause(
        "namesake_arrived",
        _NOBODY,
        "De koppeling blijft staan, maar er is nu nog iemand met deze naam.",
        "The link stays, but there is now somebody else with this name.",
        (
            "Controleer of de koppeling nog bij de juiste persoon hoort.",
            "Check that the link still belongs to the right person.",
        ),
    ),
    _cause(
        "attribute_equal",
        _NOBODY,
        "Gekoppeld: het gekozen kenmerk is gelijk aan het ID-nummer.",
        "Linked: the chosen attribute equals the ID number.",
        _NOTHING,
    ),
    _cause(
        "attribute_equal_but_invisible",
        _ADMIN,
        "Gekoppeld: het kenmerk is gelijk aan het ID-nummer, op spaties of onzichtbare tekens na.",
        "Linked: the attribute equals the ID number, apart from spaces or invisible characters.",
        (
            "Haal de spaties of onzichtbare tekens uit het kenmerk of het ID-nummer.",
            "Remove the spaces or invisible characters from the attribute or the ID number.",
        ),
    ),
    _cause(
        "excluded",
        _NOBODY,
        "Iemand heeft bepaald dat deze gebruiker niet wordt gekoppeld.",
        "Somebody decided that this user is not linked.",
        _NOTHING,
    ),
)

_REFUSED = (
    _cause(
        "ambiguous_users",
        _ADMIN,
        "Er zijn {users} gebruikers in Profijt met deze naam; wie bedoeld is, blijkt niet uit de naam.",
        "There are {users} users in Profijt with this name; the name does not tell who is meant.",
        _BY_HAND,
    ),
    _cause(
        "ambiguous_persons",
        _ADMIN,
        "Er zijn {persons} personen in WebUntis met deze naam; wie bedoeld is, blijkt niet uit de naam.",
        "There are {persons} persons in WebUntis with this name; the name does not tell who is meant.",
        _BY_HAND,
    ),
    _cause(
        "namesakes",
        _ADMIN,
        "Meer gebruikers in Profijt hebben deze naam.",
        "More users in Profijt have this name.",
        _BY_HAND,
    ),
    _cause(
        "duplicate_user_id",
        Owner.SUPPORT,
        "Deze gebruiker is twee keer aangeleverd, met hetzelfde kenmerk.",
        "This user was delivered twice, with the same id.",
        ("Lever elke gebruiker één keer aan.", "Deliver every user once."),
    ),
    _cause(
        "no_id_number",
        _UNTIS,
        "De persoon is gevonden, maar heeft in WebUntis geen ID-nummer.",
        "The person was found, but has no ID number in WebUntis.",
        _FILL,
    ),
    _cause(
        "duplicate_id_number",
        _UNTIS,
        "Meer dan één persoon in WebUntis heeft dit ID-nummer.",
        "More than one person in WebUntis has this ID number.",
        _FILL,
    ),
    _cause(
        "never",
        _NOBODY,
        "Iemand heeft bepaald dat deze gebruiker niet bij deze persoon hoort.",
        "Somebody decided that this user is not this person.",
        _NOTHING,
    ),
    _cause(
        "taken_by_hand",
        _ADMIN,
        "Deze persoon is met de hand aan een andere gebruiker gekoppeld.",
        "This person was linked to another user by hand.",
        ("Controleer de koppeling die met de hand is gemaakt.", "Check the link that was made by hand."),
    ),
    _cause(
        "held_by_other",
        _ADMIN,
        "Deze persoon is al aan een andere gebruiker gekoppeld.",
        "This person is already linked to another user.",
        _BY_HAND,
    ),
    _cause(
        "was_linked_elsewhere",
        _ADMIN,
        "Deze persoon was gekoppeld aan een gebruiker die er niet meer is; een naamgenoot erft een koppeling niet.",
        "This person was linked to a user who is gone; a namesake does not inherit a link.",
        _BY_HAND,
    ),
    _cause(
        "was_refused",
        _ADMIN,
        "Eerder pasten hier meer mensen; dat er nu één over is, bewijst niet wie het is.",
        "Earlier several people fitted here; that one is left does not prove who it is.",
        _BY_HAND,
    ),
    _cause(
        "number_differs",
        _ADMIN,
        "De namen zijn gelijk, maar het Nummer en het ID-nummer niet, en op deze school horen die gelijk te zijn.",
        "The names are the same, but number and ID number are not, and at this school they should be.",
        (
            "Verbeter het Nummer in Profijt of het ID-nummer in WebUntis, of koppel met de hand.",
            "Correct the number in Profijt or the ID number in WebUntis, or link by hand.",
        ),
    ),
    _cause(
        "abbreviation_differs",
        _ADMIN,
        "De namen zijn gelijk, maar de Afkorting niet, en op deze school horen die gelijk te zijn.",
        "The names are the same, but the abbreviation is not, and at this school it should be.",
        (
            "Verbeter de Afkorting in Profijt of WebUntis, of koppel met de hand.",
            "Correct the abbreviation in Profijt or WebUntis, or link by hand.",
        ),
    ),
    _cause(
        "untis_id_differs",
        _ADMIN,
        "De namen zijn gelijk, maar het Untis ID-nummer in Profijt is een ander.",
        "The names are the same, but the Untis ID number in Profijt is another one.",
        (
            "Verbeter of wis het Untis ID-nummer in Profijt, of koppel met de hand.",
            "Correct or clear the Untis ID number in Profijt, or link by hand.",
        ),
    ),
)

_SUSPENDED = (
    _cause(
        "person_gone",
        _UNTIS,
        "Het ID-nummer van deze koppeling staat niet meer in WebUntis.",
        "The ID number of this link is no longer in WebUntis.",
        (
            "Is de persoon er nog, zet dan hetzelfde ID-nummer terug; anders hoeft u niets te doen.",
            "If the person is still there, put the same ID number back; otherwise there is nothing to do.",
        ),
    ),
    _cause(
        "person_renamed",
        _ADMIN,
        "Bij dit ID-nummer staat in WebUntis nu een andere naam; misschien is het iemand anders.",
        "Under this ID number WebUntis now has another name; it may be somebody else.",
        _BY_HAND,
    ),
    _cause(
        "user_renamed",
        _ADMIN,
        "Deze gebruiker heeft in Profijt nu een andere naam; misschien is het iemand anders.",
        "This user now has another name in Profijt; it may be somebody else.",
        _BY_HAND,
    ),
    _cause(
        "fits_another",
        _ADMIN,
        "Na een naamswijziging past iemand anders beter dan de gekoppelde persoon.",
        "After a change of name somebody else fits better than the linked person.",
        _BY_HAND,
    ),
    _cause(
        "key_held_twice",
        _ADMIN,
        "Twee gebruikers zijn aan hetzelfde ID-nummer gekoppeld.",
        "Two users are linked to the same ID number.",
        (
            "Laat de koppeling van één van beiden staan en verwijder de andere.",
            "Keep the link of one of them and remove the other.",
        ),
    ),
)

_WEAK = (
    _cause(
        "no_name",
        _ADMIN,
        "Deze gebruiker heeft in Profijt geen naam.",
        "This user has no name in Profijt.",
        ("Vul voor- en achternaam in.", "Fill in first and last name."),
    ),
    _cause(
        "not_found",
        _UNTIS,
        "Niemand in WebUntis lijkt op deze gebruiker.",
        "Nobody in WebUntis resembles this user.",
        (
            "Controleer of de persoon in WebUntis staat, met een ID-nummer.",
            "Check that the person is in WebUntis, with an ID number.",
        ),
    ),
    _cause(
        "initials_only",
        _ADMIN,
        "De naam is gelijk, maar bestaat uit voorletters of één woord; dat past bij meer mensen.",
        "The name is the same, but consists of initials or a single word; that fits more people.",
        _CHOOSE,
    ),
    _cause(
        "cut_differently",
        _ADMIN,
        "De letters van de naam zijn gelijk, maar anders over de woorden verdeeld.",
        "The letters of the name are the same, but divided differently over the words.",
        _CHOOSE,
    ),
    _cause(
        "name_differs",
        _ADMIN,
        "Het nummer of de Afkorting is gelijk, maar de naam is een andere.",
        "The number or abbreviation is the same, but the name is another one.",
        _CHOOSE,
    ),
    _cause(
        "spelling",
        _ADMIN,
        "De namen klinken gelijk maar zijn anders gespeld (ij en y, oe en ö).",
        "The names sound alike but are spelt differently (ij and y, oe and ö).",
        _CHOOSE,
    ),
    _cause(
        "extra_forename",
        _ADMIN,
        "In een van beide systemen staan meer voornamen.",
        "One of the systems has more forenames.",
        _CHOOSE,
    ),
    _cause(
        "prefix_abbreviated",
        _ADMIN,
        "Het tussenvoegsel is in een van beide systemen afgekort.",
        "The prefix (tussenvoegsel) is abbreviated in one of the systems.",
        _CHOOSE,
    ),
    _cause(
        "call_name",
        _ADMIN,
        "In een van beide systemen staat waarschijnlijk de roepnaam.",
        "One of the systems probably has the call name.",
        _CHOOSE,
    ),
    _cause(
        "prefix_missing",
        _ADMIN,
        "Het tussenvoegsel ontbreekt in een van beide systemen.",
        "The prefix (tussenvoegsel) is missing in one of the systems.",
        _CHOOSE,
    ),
    _cause(
        "one_edit",
        _ADMIN,
        "De namen schelen één letter; dat kan een tikfout zijn of iemand anders.",
        "The names differ in one letter; that may be a typing error or somebody else.",
        _CHOOSE,
    ),
    _cause(
        "half_surname",
        _ADMIN,
        "In een van beide systemen staat maar een deel van de achternaam.",
        "One of the systems has only part of the surname.",
        _CHOOSE,
    ),
    _cause(
        "initials",
        _ADMIN,
        "In een van beide systemen staan alleen voorletters; die passen bij meer mensen.",
        "One of the systems has only initials; they fit more people.",
        _CHOOSE,
    ),
    _cause(
        "letters_lost",
        _ADMIN,
        "In een van beide systemen zijn letters van de naam verloren gegaan, waarschijnlijk bij een import.",
        "One of the systems lost letters of the name, probably in an import.",
        _CHOOSE,
    ),
    _cause(
        "short_form",
        _ADMIN,
        "De voornaam lijkt in een van beide systemen een kortere vorm.",
        "The forename seems a shorter form in one of the systems.",
        _CHOOSE,
    ),
    _cause("two_edits", _ADMIN, "De namen schelen een paar letters.", "The names differ in a few letters.", _CHOOSE),
    _cause(
        "no_forename",
        _ADMIN,
        "In een van beide systemen ontbreekt de voornaam.",
        "One of the systems has no forename.",
        _CHOOSE,
    ),
    _cause(
        "prefix_different",
        _ADMIN,
        "Het tussenvoegsel is een ander.",
        "The prefix (tussenvoegsel) is another one.",
        _CHOOSE,
    ),
)

_ATTRIBUTE = (
    _cause(
        "attribute_empty",
        _ADMIN,
        "Het gekozen kenmerk ({attribute}) is bij deze gebruiker leeg.",
        "The chosen attribute ({attribute}) is empty for this user.",
        ("Vul het kenmerk in Profijt in.", "Fill in the attribute in Profijt."),
    ),
    _cause(
        "attribute_not_chosen",
        _ADMIN,
        "Voor deze rol is geen identificerend kenmerk gekozen.",
        "No identifying attribute was chosen for this role.",
        (
            "Kies bij de instellingen een kenmerk, of zet automatisch koppelen aan.",
            "Choose an attribute in the settings, or switch on automatic linking.",
        ),
    ),
    _cause(
        "attribute_not_found",
        _UNTIS,
        "Niemand in WebUntis heeft dit kenmerk ({attribute}) als ID-nummer.",
        "Nobody in WebUntis has this attribute ({attribute}) as ID number.",
        (
            "Controleer of in WebUntis en in Profijt hetzelfde is ingevuld, ook de nullen vooraan.",
            "Check that WebUntis and Profijt hold the same value, leading zeros included.",
        ),
    ),
    _cause(
        "attribute_shared",
        _ADMIN,
        "Meer gebruikers in Profijt hebben hetzelfde kenmerk ({attribute}).",
        "More users in Profijt have the same attribute ({attribute}).",
        ("Geef elke gebruiker een eigen kenmerk.", "Give every user an attribute of their own."),
    ),
    _cause(
        "attribute_lookalike",
        _ADMIN,
        "Er is een ID-nummer dat er hetzelfde uitziet maar uit andere tekens bestaat.",
        "There is an ID number that looks the same but consists of other characters.",
        ("Typ het kenmerk en het ID-nummer opnieuw in.", "Type the attribute and the ID number again."),
    ),
    _cause(
        "attribute_unknown",
        _ADMIN,
        "Dit kenmerk kan niet worden gekozen; kies uit: {attributes}.",
        "This attribute cannot be chosen; choose one of: {attributes}.",
        ("Kies een ander kenmerk.", "Choose another attribute."),
    ),
)

LINKING: tuple[Cause, ...] = _LINKED + _REFUSED + _SUSPENDED + _WEAK + _ATTRIBUTE

"""Causes about linking: why a user is or is not linked to a WebUntis person, in words for the school.

Every code that `shared.domain.matching` puts in a decision or a candidate stands here. Blanks: {users} and {persons}
are counts, {attribute} the name of a field.
"""

from shared.domain.causes.cause import Cause, Owner
from shared.domain.causes.linking_review import ATTRIBUTE, RESEMBLES, said

_ADMIN, _UNTIS, _NOBODY = Owner.ADMIN, Owner.UNTIS_ADMIN, Owner.NOBODY
_NOTHING = ("Niets te doen.", "Nothing to do.")
_BY_HAND = ("Kies bij de koppelingen zelf de juiste persoon.", "Choose the right person under links yourself.")
_FILL = (
    "Vul in WebUntis bij deze persoon een eigen ID-nummer in.",
    "Fill in an ID number of their own for this person in WebUntis.",
)


_LINKED = (
    said(
        "same_letters",
        _NOBODY,
        "Gekoppeld: voor- en achternaam zijn gelijk en komen aan beide kanten één keer voor.",
        "Linked: first and last name are the same and occur once on each side.",
        _NOTHING,
    ),
    said(
        "same_words",
        _NOBODY,
        "Gekoppeld: dezelfde namen staan in de andere volgorde of samen in één veld.",
        "Linked: the same names stand in another order or together in one field.",
        _NOTHING,
    ),
    said(
        "confirmed_by_number",
        _NOBODY,
        "Gekoppeld: de namen lijken op elkaar en het Nummer is gelijk aan het ID-nummer.",
        "Linked: the names resemble each other and the number equals the ID number.",
        _NOTHING,
    ),
    said(
        "confirmed_by_abbreviation",
        _NOBODY,
        "Gekoppeld: de namen lijken op elkaar en de Afkorting is in beide systemen gelijk.",
        "Linked: the names resemble each other and the abbreviation is the same in both systems.",
        _NOTHING,
    ),
    said("by_hand", _NOBODY, "Met de hand gekoppeld.", "Linked by hand.", _NOTHING),
    said(
        "namesake_arrived",
        _NOBODY,
        "De koppeling blijft staan, maar er is nu nog iemand met deze naam.",
        "The link stays, but there is now somebody else with this name.",
        (
            "Controleer of de koppeling nog bij de juiste persoon hoort.",
            "Check that the link still belongs to the right person.",
        ),
    ),
    said(
        "attribute_equal",
        _NOBODY,
        "Gekoppeld: het gekozen kenmerk is gelijk aan het ID-nummer.",
        "Linked: the chosen attribute equals the ID number.",
        _NOTHING,
    ),
    said(
        "attribute_equal_but_invisible",
        _ADMIN,
        "Gekoppeld: het kenmerk is gelijk aan het ID-nummer, op spaties of onzichtbare tekens na.",
        "Linked: the attribute equals the ID number, apart from spaces or invisible characters.",
        (
            "Haal de spaties of onzichtbare tekens uit het kenmerk of het ID-nummer.",
            "Remove the spaces or invisible characters from the attribute or the ID number.",
        ),
    ),
    said(
        "excluded",
        _NOBODY,
        "Iemand heeft bepaald dat deze gebruiker niet wordt gekoppeld.",
        "Somebody decided that this user is not linked.",
        _NOTHING,
    ),
)

_REFUSED = (
    said(
        "ambiguous_users",
        _ADMIN,
        "{users} gebruikers in Profijt hebben deze naam of een met dezelfde letters; wie het is, blijkt er niet uit.",
        "{users} users in Profijt have this name or one with the same letters; that does not tell who it is.",
        _BY_HAND,
    ),
    said(
        "ambiguous_persons",
        _ADMIN,
        "{persons} personen in WebUntis hebben deze naam of een met dezelfde letters; wie het is, blijkt er niet uit.",
        "{persons} people in WebUntis have this name or one with the same letters; that does not tell who it is.",
        _BY_HAND,
    ),
    said(
        "namesakes",
        _ADMIN,
        "Meer gebruikers in Profijt hebben deze naam.",
        "More users in Profijt have this name.",
        _BY_HAND,
    ),
    said(
        "duplicate_user_id",
        Owner.SUPPORT,
        "Deze gebruiker is twee keer aangeleverd, met hetzelfde kenmerk.",
        "This user was delivered twice, with the same id.",
        ("Lever elke gebruiker één keer aan.", "Deliver every user once."),
    ),
    said(
        "no_id_number",
        _UNTIS,
        "De persoon is gevonden, maar heeft in WebUntis geen ID-nummer.",
        "The person was found, but has no ID number in WebUntis.",
        _FILL,
    ),
    said(
        "id_number_untold",
        _ADMIN,
        "WebUntis geeft de API-gebruiker van de koppeling geen ID-nummers van docenten door.",
        "WebUntis does not tell the coupling's API user the ID numbers of teachers.",
        (
            "Docenten worden pas gekoppeld als de Untis beheerder de applicatie Profijt toevoegt (Administratie, "
            "Platform) en u het Wachtwoord invult.",
            "Teachers are linked once the Untis administrator adds the application Profijt (Administration, Platform) "
            "and you fill in the password.",
        ),
    ),
    said(
        "duplicate_id_number",
        _UNTIS,
        "Meer dan één persoon in WebUntis heeft dit ID-nummer.",
        "More than one person in WebUntis has this ID number.",
        (
            "Ga in WebUntis na van wie dit ID-nummer is. Die houdt het; geef de anderen een eigen ID-nummer.",
            "Find out in WebUntis whose ID number this is. That person keeps it; give the others one of their own.",
        ),
    ),
    said(
        "never",
        _NOBODY,
        "Iemand heeft bepaald dat deze gebruiker niet bij deze persoon hoort.",
        "Somebody decided that this user is not this person.",
        _NOTHING,
    ),
    said(
        "taken_by_hand",
        _ADMIN,
        "Deze persoon is met de hand aan een andere gebruiker gekoppeld.",
        "This person was linked to another user by hand.",
        ("Controleer de koppeling die met de hand is gemaakt.", "Check the link that was made by hand."),
    ),
    said(
        "held_by_other",
        _ADMIN,
        "Deze persoon is al aan een andere gebruiker gekoppeld.",
        "This person is already linked to another user.",
        _BY_HAND,
    ),
    said(
        "was_linked_elsewhere",
        _ADMIN,
        "Deze persoon was gekoppeld aan een gebruiker die er niet meer is; een naamgenoot erft een koppeling niet.",
        "This person was linked to a user who is gone; a namesake does not inherit a link.",
        _BY_HAND,
    ),
    said(
        "was_refused",
        _ADMIN,
        "Eerder pasten hier meer mensen; dat er nu één over is, bewijst niet wie het is.",
        "Earlier several people fitted here; that one is left does not prove who it is.",
        _BY_HAND,
    ),
    said(
        "refused_by_hand",
        _ADMIN,
        "Iemand bepaalde dit eerder voor een naamgenoot die er niet meer is: niet koppelen. Misschien is dit dezelfde "
        "persoon.",
        "Somebody decided this before for a namesake who is gone: do not link. This may be the same person.",
        _BY_HAND,
    ),
    said(
        "number_differs",
        _ADMIN,
        "De namen zijn gelijk, maar het Nummer en het ID-nummer niet, en op deze school horen die gelijk te zijn.",
        "The names are the same, but number and ID number are not, and at this school they should be.",
        (
            "Verbeter het Nummer in Profijt of het ID-nummer in WebUntis, of koppel met de hand.",
            "Correct the number in Profijt or the ID number in WebUntis, or link by hand.",
        ),
    ),
    said(
        "abbreviation_differs",
        _ADMIN,
        "De namen zijn gelijk, maar de Afkorting niet, en op deze school horen die gelijk te zijn.",
        "The names are the same, but the abbreviation is not, and at this school it should be.",
        (
            "Verbeter de Afkorting in Profijt of WebUntis, of koppel met de hand.",
            "Correct the abbreviation in Profijt or WebUntis, or link by hand.",
        ),
    ),
    said(
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
    said(
        "person_gone",
        _UNTIS,
        "Het ID-nummer van deze koppeling staat niet meer in WebUntis.",
        "The ID number of this link is no longer in WebUntis.",
        (
            "Is de persoon er nog, zet dan hetzelfde ID-nummer terug; anders hoeft u niets te doen.",
            "If the person is still there, put the same ID number back; otherwise there is nothing to do.",
        ),
    ),
    said(
        "person_renamed",
        _ADMIN,
        "Bij dit ID-nummer staat in WebUntis nu een andere naam; misschien is het iemand anders.",
        "Under this ID number WebUntis now has another name; it may be somebody else.",
        _BY_HAND,
    ),
    said(
        "user_renamed",
        _ADMIN,
        "Deze gebruiker heeft in Profijt nu een andere naam; misschien is het iemand anders.",
        "This user now has another name in Profijt; it may be somebody else.",
        _BY_HAND,
    ),
    said(
        "fits_another",
        _ADMIN,
        "Na een naamswijziging past iemand anders beter dan de gekoppelde persoon.",
        "After a change of name somebody else fits better than the linked person.",
        _BY_HAND,
    ),
    said(
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

LINKING: tuple[Cause, ...] = _LINKED + _REFUSED + _SUSPENDED + RESEMBLES + ATTRIBUTE

"""Facts that are words of ours, in the words of the school: errors carry "student", people read "leerling"."""

from collections.abc import Mapping

from shared.domain.causes.cause import Language, Owner
from shared.domain.people import Role

Words = Mapping[str, Mapping[Language, str]]

ROLE_WORDS: Words = {
    Role.STUDENT: {"nl": "leerling", "en": "student"},
    Role.TEACHER: {"nl": "docent", "en": "teacher"},
}
ROLES_WORDS: Words = {
    Role.STUDENT: {"nl": "leerlingen", "en": "students"},
    Role.TEACHER: {"nl": "docenten", "en": "teachers"},
}
ATTRIBUTE_WORDS: Words = {
    "number": {"nl": "Nummer", "en": "Number"},
    "entree": {"nl": "Entree kenmerk", "en": "Entree attribute"},
    "eck_id": {"nl": "ECK-iD", "en": "ECK-iD"},
    "untis_id": {"nl": "Untis ID-nummer", "en": "Untis ID number"},
    "abbreviation": {"nl": "Afkorting", "en": "Abbreviation"},
}
LIST_WORDS: Words = {
    "students": ROLES_WORDS[Role.STUDENT],
    "teachers": ROLES_WORDS[Role.TEACHER],
    "timetable": {"nl": "lessen", "en": "lessons"},
    "deleted-periods": {"nl": "vervallen lessen", "en": "cancelled lessons"},
}
# What a question to a SIS was about, by OneRoster's names.
WHAT_WORDS: Words = {
    "orgs": {"nl": "scholen", "en": "schools"},
    "teachers": ROLES_WORDS[Role.TEACHER],
    "students": ROLES_WORDS[Role.STUDENT],
    "classes": {"nl": "lesgroepen", "en": "classes"},
    "categories": {"nl": "categorieën", "en": "categories"},
    "gradingPeriods": {"nl": "periodes", "en": "grading periods"},
    "lineItem": {"nl": "onderdeel", "en": "item"},
    "lineItems": {"nl": "onderdelen", "en": "items"},
    "result": {"nl": "cijfer", "en": "grade"},
    "results": {"nl": "cijfers", "en": "grades"},
    "token": {"nl": "toegang", "en": "access"},
}
# Why a list is not believed to be complete.
WHY_WORDS: Words = {
    "unusable_rows": {"nl": "er zijn onbruikbare regels bij", "en": "some rows are unusable"},
    "one_id_twice": {"nl": "iemand staat er twee keer in", "en": "somebody is in it twice"},
    "offset_ignored": {"nl": "elke bladzijde is dezelfde", "en": "every page is the same one"},
    "no_end": {"nl": "er komt geen eind aan", "en": "there is no end to it"},
    "fewer_than_total": {"nl": "het zijn er minder dan WebUntis telt", "en": "they are fewer than WebUntis counts"},
}
# What of Google Classroom a person allows, and what is read of it.
RIGHT_WORDS: Words = {
    "courses.readonly": {"nl": "uw lesgroepen", "en": "your classes"},
    "rosters.readonly": {"nl": "de leerlingen van uw lesgroepen", "en": "the students of your classes"},
    "profile.emails": {"nl": "e-mailadressen", "en": "e-mail addresses"},
    "coursework.students.readonly": {"nl": "schoolwerk en cijfers", "en": "coursework and grades"},
}
STATE_WORDS: Words = {
    "linked": {"nl": "gekoppeld", "en": "linked"},
    "review": {"nl": "te beoordelen", "en": "to be reviewed"},
    "conflict": {"nl": "tegenstrijdig", "en": "contradictory"},
    "not_found": {"nl": "niet gevonden", "en": "not found"},
    "suspended": {"nl": "opgeschort", "en": "suspended"},
    "excluded": {"nl": "uitgesloten", "en": "excluded"},
    "new": {"nl": "nog niet beoordeeld", "en": "not judged yet"},
    "gone": {"nl": "niet meer in Profijt", "en": "no longer in Profijt"},
}
CHANGE_WORDS: Words = {
    "new": {"nl": "nieuw", "en": "new"},
    "linked": {"nl": "gekoppeld", "en": "linked"},
    "relinked": {"nl": "andere koppeling", "en": "linked elsewhere"},
    "lost": {"nl": "koppeling vervallen", "en": "link lost"},
    "changed": {"nl": "gewijzigd", "en": "changed"},
    "gone": STATE_WORDS["gone"],
}
OWNER_WORDS: Words = {
    Owner.ADMIN: {"nl": "Profijt-beheerder", "en": "Profijt administrator"},
    Owner.TEACHER: {"nl": "docent", "en": "teacher"},
    Owner.UNTIS_ADMIN: {"nl": "Untis-beheerder", "en": "Untis administrator"},
    Owner.SIS_ADMIN: {"nl": "LIS-beheerder", "en": "SIS administrator"},
    Owner.SUPPORT: {"nl": "support (support@profijt.nu)", "en": "support (support@profijt.nu)"},
    Owner.NOBODY: {"nl": "", "en": ""},
}
# What a rule of matching saw, without saying what came of it; the other rules have a sentence of their own as a cause.
RULE_WORDS: Words = {
    "same_letters": {
        "nl": "Voor- en achternaam zijn gelijk.",
        "en": "First and last name are the same.",
    },
    "same_words": {
        "nl": "Dezelfde namen, in een andere volgorde of samen in één veld.",
        "en": "The same names, in another order or together in one field.",
    },
    "number": {
        "nl": "De namen lijken op elkaar en het Nummer is gelijk aan het ID-nummer.",
        "en": "The names resemble each other and the number equals the ID number.",
    },
    "abbreviation": {
        "nl": "De namen lijken op elkaar en de Afkorting is gelijk.",
        "en": "The names resemble each other and the abbreviation is the same.",
    },
    "by_hand": {"nl": "Met de hand gekozen.", "en": "Chosen by hand."},
    "attribute": {
        "nl": "{attribute} is vergeleken met het ID-nummer.",
        "en": "{attribute} was compared with the ID number.",
    },
}


def word(words: Words, key: str, language: Language) -> str:
    """In this language; a key without words is its own word."""
    return words[key][language] if key in words else key


def in_words(facts: Mapping[str, str | int], language: Language) -> dict[str, str | int]:
    """The facts as people call them, those that are words of ours; with a {role}, {who} is everybody in it."""
    told = dict(facts)
    if "role" in told:
        role = str(told["role"])
        told |= {"role": word(ROLE_WORDS, role, language), "who": word(ROLES_WORDS, role, language)}
    if "rights" in told:
        told["rights"] = ", ".join(word(RIGHT_WORDS, each, language) for each in str(told["rights"]).split(","))
    for name, words in (("list", LIST_WORDS), ("why", WHY_WORDS), ("attribute", ATTRIBUTE_WORDS), ("what", WHAT_WORDS)):
        if name in told:
            told[name] = word(words, str(told[name]), language)
    if "date" in told and language == "nl":
        told["date"] = "-".join(reversed(str(told["date"]).split("-")))
    if "maximum" in told and language == "nl":
        told["maximum"] = str(told["maximum"]).replace(".", ",")
    return told


def in_minutes(seconds: float, language: Language) -> str:
    """A wait, rounded up: "1 minuut", "5 minuten"."""
    minutes = max(1, -int(-seconds // 60))
    unit = {"nl": "minuut" if minutes == 1 else "minuten", "en": "minute" if minutes == 1 else "minutes"}
    return f"{minutes} {unit[language]}"

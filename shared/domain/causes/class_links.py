"""Causes about linking a course to a class of the SIS, and about who is whom in the two."""

from shared.domain.causes.cause import Cause, Owner

_ADMIN, _TEACHER, _SIS, _NOBODY = Owner.ADMIN, Owner.TEACHER, Owner.SIS_ADMIN, Owner.NOBODY
_BY_HAND = (
    "Kies bij deze leerling zelf wie het in het LIS is, of «nooit».",
    "Choose for this student who it is in the SIS yourself, or “never”.",
)
_LOOK = ("Haal de lijst opnieuw op en kies daaruit.", "Get the list again and choose from it.")


def _pair(code: str, nl: str, en: str, remedy: tuple[str, str] = _BY_HAND) -> Cause:
    return Cause(f"pair.{code}", _TEACHER, nl, en, *remedy)


CLASS_LINKS: tuple[Cause, ...] = (
    # who is whom
    _pair(
        "not_found",
        "In de klas van het LIS is niemand gevonden met dit e-mailadres, dit nummer of deze naam.",
        "Nobody in the SIS class has this e-mail address, this number or this name.",
        (
            "Controleer of de leerling in het LIS in deze klas zit, of kies zelf wie het is.",
            "Check that the student is in this class at the SIS, or choose who it is yourself.",
        ),
    ),
    _pair(
        "resembles",
        "In de klas van het LIS lijkt een naam op deze, maar te weinig om het zeker te weten.",
        "A name in the SIS class resembles this one, but not enough to be sure.",
    ),
    _pair(
        "several",
        "Dit e-mailadres of nummer komt meer dan één keer voor.",
        "This e-mail address or number occurs more than once.",
    ),
    _pair(
        "namesakes",
        "Deze naam komt meer dan één keer voor.",
        "This name occurs more than once.",
    ),
    _pair(
        "differs",
        "Naam, e-mailadres en nummer spreken elkaar tegen: een deel past bij een leerling van het LIS, de rest niet.",
        "Name, e-mail address and number contradict each other: some fit a student of the SIS, the rest do not.",
    ),
    _pair(
        "contradiction",
        "E-mailadres, nummer en naam wijzen verschillende leerlingen van het LIS aan.",
        "E-mail address, number and name point to different students of the SIS.",
    ),
    _pair(
        "two_students",
        "Twee leerlingen van deze lesgroep horen bij dezelfde leerling van het LIS.",
        "Two students of this class belong to the same student of the SIS.",
    ),
    _pair(
        "taken",
        "Wie dit volgens de gegevens is, is met de hand aan een andere leerling gekoppeld.",
        "Whoever this is according to the data was paired with another student by hand.",
    ),
    Cause(
        "pair.never",
        _NOBODY,
        "Een docent heeft bepaald dat deze leerling bij niemand in het LIS hoort.",
        "A teacher decided that this student is nobody in the SIS.",
        "Niets te doen.",
        "Nothing to do.",
    ),
    _pair(
        "chosen_gone",
        "Wie een docent hier koos, zit niet meer in de klas van het LIS.",
        "Whoever a teacher chose here is no longer in the SIS class.",
    ),
    Cause(
        "pair.student_unknown",
        _TEACHER,
        "Deze leerling zit niet in de lesgroep.",
        "This student is not in the class.",
        *_LOOK,
    ),
    Cause(
        "pair.sis_student_unknown",
        _TEACHER,
        "Deze leerling zit niet in de klas van het LIS.",
        "This student is not in the SIS class.",
        *_LOOK,
    ),
    Cause(
        "pair.repeated",
        _TEACHER,
        "Deze leerling wordt hier twee keer genoemd.",
        "This student is named twice here.",
        "Noem elke leerling één keer.",
        "Name every student once.",
    ),
    Cause(
        "pair.work_unknown",
        _TEACHER,
        "Dit schoolwerk hoort niet bij de lesgroep, of wordt niet beoordeeld.",
        "This coursework is not of the class, or is not graded.",
        *_LOOK,
    ),
    # the link
    Cause(
        "class_link.invalid",
        _TEACHER,
        "Niet alles klopt; bij `errors` staat waar. Er is niets opgeslagen.",
        "Not everything is right; `errors` says where. Nothing was stored.",
        "Verbeter de genoemde regels en verstuur alles opnieuw.",
        "Correct those lines and send all of it again.",
    ),
    Cause(
        "class_link.unknown",
        _TEACHER,
        "Deze lesgroep is niet aan een klas van het LIS gekoppeld, of niet door u.",
        "This class is not linked to a class of the SIS, or not by you.",
        "Koppel eerst de lesgroep.",
        "Link the class first.",
    ),
    Cause(
        "class_link.not_yours",
        _SIS,
        "Volgens het LIS geeft u deze klas niet, of niet meer.",
        "According to the SIS you do not teach this class, or no longer.",
        "Laat de beheerder van het LIS u als docent aan de klas toevoegen, of koppel een andere klas.",
        "Have the administrator of the SIS add you to the class as a teacher, or link another class.",
    ),
    Cause(
        "class_link.course_taken",
        _TEACHER,
        "Deze lesgroep is al gekoppeld aan een andere klas van het LIS, door {teacher}.",
        "This class is linked to another class of the SIS already, by {teacher}.",
        "Vraag deze docent of een beheerder om die koppeling op te heffen.",
        "Ask this teacher or an administrator to remove that link.",
    ),
    Cause(
        "class_link.class_taken",
        _TEACHER,
        "Deze klas van het LIS is al gekoppeld aan de lesgroep {course}, door {teacher}.",
        "This class of the SIS is linked to the class {course} already, by {teacher}.",
        "Kies een andere klas, of vraag deze docent of een beheerder om die koppeling op te heffen.",
        "Choose another class, or ask this teacher or an administrator to remove that link.",
    ),
    Cause(
        "class_link.other_sis",
        _TEACHER,
        "Deze lesgroep is gekoppeld aan een klas van een ander LIS dan waarmee de school nu is verbonden.",
        "This class is linked to a class of another SIS than the school is connected to now.",
        "Koppel de lesgroep aan een klas van het huidige LIS.",
        "Link the class to one of the present SIS.",
    ),
    Cause(
        "class_link.no_email",
        _ADMIN,
        "Van u staat in Profijt geen e-mailadres, en daaraan herkent het LIS u.",
        "Profijt has no e-mail address of yours, and that is what the SIS knows you by.",
        "Laat een beheerder van de school uw e-mailadres in Profijt invullen.",
        "Have an administrator of the school fill in your e-mail address in Profijt.",
    ),
)

"""Causes about Profijt's own grades: why an upload or one row of it was refused."""

from shared.domain.causes.cause import Cause, Owner

_COLUMNS = "leerling;werk;titel;omschrijving;opgegeven;inleveren;maximum;minimum;categorie;cijfer"
_USE_COLUMNS = (
    f"Gebruik de kolommen {_COLUMNS}. Verplicht zijn leerling, werk en cijfer.",
    f"Use the columns {_COLUMNS}. Required are leerling, werk and cijfer.",
)
_MEND_ROW = (
    "Verbeter de rij en lever alles opnieuw aan; de goede rijen zijn verwerkt.",
    "Mend the row and send all of it again; the good rows were processed.",
)


def _row(code: str, nl: str, en: str, remedy: tuple[str, str] = _MEND_ROW) -> Cause:
    return Cause(code, Owner.ADMIN, nl, en, *remedy)


COURSEWORK: tuple[Cause, ...] = (
    # one row
    _row(
        "grade.no_number",
        "Het cijfer is geen getal.",
        "The grade is not a number.",
        (
            "Schrijf 7,5 of 7.5; of vrijgesteld of ontbreekt. Laat het leeg als er geen cijfer is.",
            "Write 7,5 or 7.5; or vrijgesteld (excused) or ontbreekt (missing). Leave it empty for no grade.",
        ),
    ),
    _row(
        "grade.outside_scale",
        "Het cijfer valt buiten de schaal van {minimum} tot {maximum}.",
        "The grade is outside the scale of {minimum} to {maximum}.",
        (
            "Verbeter het cijfer. Voor punten, waarbij 0 kan en een bonus mag, is het minimum van het werk 0.",
            "Correct the grade. For points, where 0 is possible and a bonus allowed, the minimum of the work is 0.",
        ),
    ),
    _row(
        "grade.mark",
        "Deze markering bestaat niet, of er staat ook een cijfer bij.",
        "There is no such mark, or there is a grade beside it.",
        (
            "Gebruik vrijgesteld of ontbreekt, zonder cijfer.",
            "Use vrijgesteld (excused) or ontbreekt (missing), without a grade.",
        ),
    ),
    _row(
        "grade.twice",
        "Deze leerling heeft voor dit werk meer dan één cijfer; geen ervan is verwerkt.",
        "This student has more than one grade for this work; none of them was processed.",
    ),
    _row(
        "grade.work_unknown",
        "Dit werk staat er niet bij, of wordt niet beoordeeld.",
        "This work is not among those sent, or is not graded.",
    ),
    _row(
        "grade.student_unknown",
        "Deze leerling is in Profijt niet bekend, of hoort niet bij deze lesgroep.",
        "This student is not known in Profijt, or is not of this class.",
        (
            "Controleer het Profijt-id van de leerling, en lever nieuwe leerlingen eerst als gebruiker aan.",
            "Check the Profijt id of the student, and send new students as users first.",
        ),
    ),
    _row(
        "work.number",
        "Dit is geen getal, of geen maximum of minimum: het minimum is 0 of meer en lager dan het maximum.",
        "This is no number, or no maximum or minimum: the minimum is 0 or more and below the maximum.",
    ),
    _row(
        "work.moment",
        "Dit is geen datum of tijd.",
        "This is no date or time.",
        (
            "Schrijf 20-11-2026, 20-11-2026 08:30 of 2026-11-20T08:30.",
            "Write 20-11-2026, 20-11-2026 08:30 or 2026-11-20T08:30.",
        ),
    ),
    _row(
        "work.differs",
        "Een eerdere rij zegt iets anders over dit werk.",
        "An earlier row says something else about this work.",
    ),
    _row(
        "work.twice",
        "Dit werk staat er twee keer in.",
        "This work is there twice.",
        ("Geef elk werk een eigen id.", "Give each work an id of its own."),
    ),
    # the upload
    _row(
        "course.unknown",
        "Deze lesgroep bestaat niet, of is niet van u.",
        "This class does not exist, or is not yours.",
        (
            "Kies een lesgroep uit uw lijst; vraag anders een docent ervan om u toe te voegen.",
            "Choose a class from your list; else ask a teacher of it to add you.",
        ),
    ),
    _row(
        "coursework.columns",
        "De kopregel van het CSV-bestand klopt niet: kolom {places} is onbekend of staat er dubbel.",
        "The header of the CSV file is not right: column {places} is unknown or repeated.",
        _USE_COLUMNS,
    ),
    _row(
        "coursework.header",
        "In de kopregel van het CSV-bestand ontbreekt: {columns}.",
        "The header of the CSV file lacks: {columns}.",
        _USE_COLUMNS,
    ),
    _row(
        "coursework.too_many",
        "Dit is te groot: hoogstens {students} leerlingen, {works} werken en {grades} cijfers. Er is niets opgeslagen.",
        "This is too large: at most {students} students, {works} works and {grades} grades. Nothing was stored.",
        ("Verdeel de lesgroep in kleinere.", "Divide the class into smaller ones."),
    ),
    _row(
        "coursework.invalid",
        "Niet alles klopt; bij `errors` staat waar. Er is niets opgeslagen.",
        "Not everything is right; `errors` says where. Nothing was stored.",
        ("Verbeter de genoemde velden en verstuur alles opnieuw.", "Correct those fields and send all of it again."),
    ),
    _row(
        "coursework.name",
        "Dit kan niet de naam van een lesgroep in het adres zijn.",
        "This cannot be the name of a class in the address.",
        (
            "Gebruik hoogstens 100 letters, cijfers, punten, streepjes en liggende streepjes.",
            "Use at most 100 letters, digits, points, hyphens and underscores.",
        ),
    ),
    _row(
        "coursework.no_teacher",
        "Er staat niet bij wie de docent van deze lesgroep is.",
        "It does not say who the teacher of this class is.",
        ("Noem minstens één docent met het Profijt-id.", "Name at least one teacher by the Profijt id."),
    ),
    _row(
        "coursework.teacher_unknown",
        "Deze docent is in Profijt niet bekend.",
        "This teacher is not known in Profijt.",
        ("Controleer het Profijt-id van de docent.", "Check the Profijt id of the teacher."),
    ),
    _row(
        "coursework.not_yourself",
        "U staat niet bij de docenten van deze lesgroep.",
        "You are not among the teachers of this class.",
        ("Noem ook uzelf als docent.", "Name yourself as a teacher, too."),
    ),
)

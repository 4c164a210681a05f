"""Causes about what an export would do: why something cannot be sent, is sent otherwise, or waits for a choice."""

from shared.domain.causes.cause import Cause, Owner

_CHOOSE_NL = "Kies bij dit onderdeel wat er moet gebeuren, en exporteer opnieuw."
_CHOOSE_EN = "Choose what is to happen with this item, and export again."
_CHOOSE_GRADE_NL = "Kies bij deze leerling wat er moet gebeuren, en exporteer opnieuw."
_CHOOSE_GRADE_EN = "Choose what is to happen for this student, and export again."


def _told(code: str, nl: str, en: str) -> Cause:
    """Good to know; nothing is the matter."""
    return Cause(code, Owner.NOBODY, nl, en, "U hoeft niets te doen.", "There is nothing to do.")


def _teacher(code: str, nl: str, en: str, remedy_nl: str, remedy_en: str) -> Cause:
    """The teacher mends it in the export itself or at the source."""
    return Cause(code, Owner.TEACHER, nl, en, remedy_nl, remedy_en)


EXPORT_PLAN: tuple[Cause, ...] = (
    # ---- items that cannot be
    _teacher(
        "export.ungraded",
        "Dit onderdeel heeft geen maximumscore, en een cijfer zonder schaal zegt het LIS niets.",
        "This item has no maximum score, and a grade without a scale tells the SIS nothing.",
        "Geef de opdracht een maximumscore en exporteer opnieuw.",
        "Give the assignment a maximum score and export again.",
    ),
    _teacher(
        "export.no_title",
        "Dit onderdeel heeft geen titel.",
        "This item has no title.",
        "Geef de opdracht een titel en exporteer opnieuw.",
        "Give the assignment a title and export again.",
    ),
    _teacher(
        "export.no_due",
        "Dit onderdeel heeft geen inleverdatum, en het LIS vraagt er een.",
        "This item has no due date, and the SIS asks for one.",
        "Geef de opdracht een inleverdatum en exporteer opnieuw.",
        "Give the assignment a due date and export again.",
    ),
    _teacher(
        "export.bad_scale",
        "De laagste en de hoogste score van dit onderdeel kloppen niet met elkaar.",
        "The lowest and the highest score of this item do not go together.",
        "Geef de opdracht een maximumscore die hoger is dan het minimum, en exporteer opnieuw.",
        "Give the assignment a maximum score above its minimum, and export again.",
    ),
    _teacher(
        "export.whole_maximum",
        "De maximumscore is {maximum}, en het LIS neemt alleen een heel getal als maximum.",
        "The maximum score is {maximum}, and the SIS takes only a whole number as maximum.",
        "Geef de opdracht een heel getal als maximumscore en exporteer opnieuw. Cijfers mogen wel decimalen hebben.",
        "Give the assignment a whole number as maximum score and export again. Grades may have decimals.",
    ),
    Cause(
        "export.category_missing",
        Owner.SIS_ADMIN,
        "Het LIS kent voor deze lesgroep geen categorie {category}.",
        "The SIS has no category {category} for this class.",
        "Maak de categorie aan in het LIS, of kies bij de opdracht een categorie die het LIS kent. De beheerder kan "
        "bij Profijt, Instellingen, LIS ook een standaardcategorie toestaan.",
        "Make the category in the SIS, or choose one for the assignment that the SIS knows. The admin can also allow "
        "a default category at Profijt, Settings, SIS.",
    ),
    Cause(
        "export.category_needed",
        Owner.ADMIN,
        "Het LIS vraagt een categorie; de opdracht heeft er geen, en een bruikbare standaardcategorie is er niet.",
        "The SIS asks for a category; the assignment has none, and there is no default category that can be used.",
        "Kies een standaardcategorie bij Profijt, Instellingen, LIS, of geef de opdracht een categorie.",
        "Choose a default category at Profijt, Settings, SIS, or give the assignment a category.",
    ),
    Cause(
        "export.outside_period",
        Owner.SIS_ADMIN,
        "De inleverdatum {day} valt in geen beoordelingsperiode van het LIS, en dan weigert het LIS het onderdeel.",
        "The due date {day} is in no grading period of the SIS, and then the SIS refuses the item.",
        "Kies voor de opdracht een inleverdatum binnen een open periode, of laat de periode in het LIS aanmaken.",
        "Choose a due date within an open period for the assignment, or have the period made in the SIS.",
    ),
    # ---- items that are sent otherwise, or with a word about it
    _told(
        "export.title_cut",
        "De titel is ingekort: het LIS neemt hooguit {limit} tekens.",
        "The title was shortened: the SIS takes at most {limit} characters.",
    ),
    _told(
        "export.title_twice",
        "De titel kreeg een kenmerk erachter, omdat deze lesgroep in het LIS al een onderdeel met deze titel heeft.",
        "The title got a mark behind it, because this class already has an item with this title in the SIS.",
    ),
    _told(
        "export.description_cut",
        "De omschrijving is ingekort.",
        "The description was shortened.",
    ),
    _told(
        "export.due_is_assigned",
        "Het LIS vraagt een inleverdatum; de opdracht heeft er geen, dus geldt de dag waarop de opdracht is gegeven.",
        "The SIS asks for a due date; the assignment has none, so the day it was given counts.",
    ),
    _told(
        "export.assigned_is_due",
        "Het LIS vraagt wanneer de opdracht is gegeven; dat is niet bekend, dus geldt de inleverdatum.",
        "The SIS asks when the assignment was given; that is not known, so the due date counts.",
    ),
    _told(
        "export.category_default",
        "Het onderdeel krijgt in het LIS de standaardcategorie.",
        "The item gets the default category in the SIS.",
    ),
    _told(
        "export.category_left_out",
        "Het LIS kent deze categorie niet; het onderdeel komt zonder categorie in het LIS.",
        "The SIS does not know this category; the item goes into the SIS without one.",
    ),
    Cause(
        "export.no_period",
        Owner.SIS_ADMIN,
        "Voor dit onderdeel is geen beoordelingsperiode in het LIS gevonden; het telt daar misschien niet mee.",
        "No grading period of the SIS was found for this item; it may not count there.",
        "Controleer de inleverdatum van de opdracht en de periodes in het LIS.",
        "Check the due date of the assignment and the periods in the SIS.",
    ),
    Cause(
        "export.period_over",
        Owner.SIS_ADMIN,
        "De periode {period} is voorbij; het LIS kan de cijfers weigeren als die gesloten is.",
        "The period {period} is over; the SIS may refuse the grades when it is closed.",
        "Wordt de export geweigerd, laat dan de periode in het LIS openen of kies een latere inleverdatum.",
        "If the export is refused, have the period opened in the SIS or choose a later due date.",
    ),
    _teacher(
        "export.period_differs",
        "In Classroom hoort de opdracht bij de periode {theirs}; in het LIS valt de inleverdatum in {period}, en die "
        "geldt.",
        "In Classroom the work belongs to the period {theirs}; in the SIS its due date is in {period}, which counts.",
        "Klopt dat niet, pas dan de inleverdatum aan.",
        "If that is wrong, change the due date.",
    ),
    # ---- items that wait for a choice
    _teacher(
        "export.look_alike",
        "In het LIS staat al een onderdeel dat hierop lijkt: dezelfde titel of inleverdatum.",
        "The SIS already has an item that looks like this one: the same title or due date.",
        "Kies of het om hetzelfde onderdeel gaat, of dat er een nieuw bij moet komen.",
        "Choose whether it is the same item, or whether a new one is to be made.",
    ),
    _teacher(
        "export.item_deleted_there",
        "Dit onderdeel is in het LIS verwijderd nadat het was geëxporteerd.",
        "This item was deleted in the SIS after it had been exported.",
        "Kies of het opnieuw in het LIS moet komen of verwijderd blijft.",
        "Choose whether it is to be made again in the SIS or stays deleted.",
    ),
    _teacher(
        "export.item_changed_there",
        "Dit onderdeel staat anders in het LIS dan Profijt het kent; iemand kan het daar hebben veranderd.",
        "This item is not in the SIS as Profijt knows it; somebody may have changed it there.",
        _CHOOSE_NL,
        _CHOOSE_EN,
    ),
    _teacher(
        "export.item_kept_theirs",
        "Er is gekozen om dit onderdeel te laten zoals het in het LIS staat.",
        "It was chosen to leave this item as it is in the SIS.",
        "Wilt u het toch overschrijven, kies dat dan bij dit onderdeel.",
        "If you want it overwritten after all, choose so for this item.",
    ),
    _teacher(
        "export.item_kept_deleted",
        "Er is gekozen om dit onderdeel in het LIS verwijderd te laten.",
        "It was chosen to leave this item deleted in the SIS.",
        "Wilt u het toch weer in het LIS, kies dat dan bij dit onderdeel.",
        "If you want it in the SIS again after all, choose so for this item.",
    ),
    _teacher(
        "export.item_withdrawn",
        "Deze opdracht is niet meer gepubliceerd, maar het onderdeel staat nog in het LIS.",
        "This assignment is no longer published, but the item is still in the SIS.",
        "Het blijft staan, tenzij u kiest om het met de cijfers erin te verwijderen.",
        "It stays, unless you choose to delete it with the grades in it.",
    ),
    Cause(
        "export.item_withdrawn_by_hand",
        Owner.SIS_ADMIN,
        "Deze opdracht is niet meer gepubliceerd, maar staat nog in het LIS; dat laat Profijt niets verwijderen.",
        "This assignment is no longer published, but still in the SIS, which does not let Profijt delete anything.",
        "Moet het onderdeel weg, verwijder het dan in het LIS zelf.",
        "If the item is to go, delete it in the SIS itself.",
    ),
    _told(
        "export.item_withdrawn_gone",
        "Deze opdracht is niet meer gepubliceerd en staat ook niet meer in het LIS.",
        "This assignment is no longer published, and is not in the SIS any more either.",
    ),
    # ---- grades that cannot be
    _teacher(
        "export.no_item",
        "Dit cijfer gaat pas mee als het onderdeel zelf in het LIS staat.",
        "This grade is sent only when the item itself is in the SIS.",
        _CHOOSE_NL,
        _CHOOSE_EN,
    ),
    _teacher(
        "export.scale_differs",
        "Het onderdeel heeft in het LIS een andere laagste of hoogste score; een cijfer zegt daar iets anders.",
        "The item has another lowest or highest score in the SIS; there the grade would mean something else.",
        "Kies om het onderdeel in het LIS te overschrijven, of geef de opdracht dezelfde maximumscore.",
        "Choose to overwrite the item in the SIS, or give the assignment the same maximum score.",
    ),
    _teacher(
        "export.student_left",
        "Deze leerling zit niet meer in de lesgroep.",
        "This student is no longer in the class.",
        "Hoort de leerling er wel bij, zet die dan weer in de lesgroep en exporteer opnieuw.",
        "If the student does belong to it, add them to the class again and export again.",
    ),
    _teacher(
        "export.student_twice",
        "Twee leerlingen van deze lesgroep zijn aan dezelfde leerling in het LIS gekoppeld.",
        "Two students of this class are linked to the same student in the SIS.",
        "Kies bij de koppeling van de lesgroep wie wie is, en exporteer opnieuw.",
        "Choose who is who where the class is linked, and export again.",
    ),
    _teacher(
        "export.bad_score",
        "De score van deze leerling is geen bruikbaar getal, of lager dan de laagste score.",
        "The score of this student is no usable number, or below the lowest score.",
        "Verbeter het cijfer bij de opdracht en exporteer opnieuw.",
        "Correct the grade at the assignment and export again.",
    ),
    _teacher(
        "export.status_unsupported",
        "Het LIS bewaart dit niet zoals het is bedoeld: vrijgesteld of ontbreekt.",
        "The SIS does not keep this as it is meant: excused or missing.",
        "Zet het in het LIS zelf, of haal de markering weg en geef een cijfer.",
        "Set it in the SIS itself, or take the mark away and give a grade.",
    ),
    # ---- grades that are sent otherwise, or with a word about it
    _told(
        "export.missing_but_graded",
        "Deze leerling is gemarkeerd met ontbreekt, maar heeft een cijfer; het cijfer geldt.",
        "This student is marked as missing, but has a grade; the grade counts.",
    ),
    _told(
        "export.extra_credit",
        "De score is hoger dan de maximumscore en gaat zo mee, als bonus.",
        "The score is above the maximum and is sent like that, as extra credit.",
    ),
    _told(
        "export.comment_cut",
        "De opmerking is ingekort.",
        "The comment was shortened.",
    ),
    _told(
        "export.comment_not_sent",
        "De opmerking gaat niet mee: het LIS neemt er geen bij een cijfer.",
        "The comment is not sent: the SIS takes none with a grade.",
    ),
    Cause(
        "export.kept_otherwise",
        Owner.SIS_ADMIN,
        "Het LIS heeft dit cijfer aangenomen, maar bewaart het anders dan het is verstuurd.",
        "The SIS accepted this grade, but keeps it otherwise than it was sent.",
        "Vergelijk beide; klopt het in het LIS niet, verbeter het dan daar of vraag de leverancier van het LIS.",
        "Compare both; if it is wrong in the SIS, correct it there or ask the supplier of the SIS.",
    ),
    # ---- grades that wait for a choice
    _teacher(
        "export.result_changed_there",
        "Het LIS heeft een ander cijfer dan Profijt er het laatst zag; iemand kan het daar hebben veranderd.",
        "The SIS has another grade than Profijt last saw there; somebody may have changed it.",
        _CHOOSE_GRADE_NL,
        _CHOOSE_GRADE_EN,
    ),
    _teacher(
        "export.result_unknown",
        "Het LIS heeft al een ander cijfer voor deze leerling, dat niet van Profijt bekend is.",
        "The SIS already has another grade for this student, which Profijt does not know.",
        _CHOOSE_GRADE_NL,
        _CHOOSE_GRADE_EN,
    ),
    _teacher(
        "export.result_deleted_there",
        "Dit cijfer is in het LIS verwijderd nadat het was geëxporteerd.",
        "This grade was deleted in the SIS after it had been exported.",
        _CHOOSE_GRADE_NL,
        _CHOOSE_GRADE_EN,
    ),
    Cause(
        "export.result_twice",
        Owner.SIS_ADMIN,
        "Het LIS heeft meer dan één cijfer van deze leerling voor dit onderdeel; er wordt niet gegokt.",
        "The SIS has more than one grade of this student for this item; we do not guess.",
        "Verwijder in het LIS het cijfer dat er te veel is, en exporteer opnieuw.",
        "Delete the grade that is one too many in the SIS, and export again.",
    ),
    _teacher(
        "export.kept_theirs",
        "Er is gekozen om te laten staan wat het LIS heeft.",
        "It was chosen to leave what the SIS has.",
        "Wilt u het toch overschrijven, kies dat dan bij deze leerling.",
        "If you want it overwritten after all, choose so for this student.",
    ),
    _teacher(
        "export.kept_deleted",
        "Er is gekozen om dit cijfer in het LIS verwijderd te laten.",
        "It was chosen to leave this grade deleted in the SIS.",
        "Wilt u het toch weer in het LIS, kies dat dan bij deze leerling.",
        "If you want it in the SIS again after all, choose so for this student.",
    ),
    _teacher(
        "export.withdrawn",
        "Deze leerling heeft geen cijfer meer voor dit onderdeel, maar het LIS nog wel.",
        "This student has no grade for this item any more, but the SIS still does.",
        "Het blijft staan, tenzij u kiest om het te verwijderen.",
        "It stays, unless you choose to delete it.",
    ),
    Cause(
        "export.withdrawn_by_hand",
        Owner.SIS_ADMIN,
        "Deze leerling heeft geen cijfer meer, maar het LIS heeft het nog, en laat Profijt niets verwijderen.",
        "This student has no grade any more, but the SIS still has it and does not let Profijt delete anything.",
        "Moet het cijfer weg, verwijder het dan in het LIS zelf.",
        "If the grade is to go, delete it in the SIS itself.",
    ),
    _told(
        "export.withdrawn_gone",
        "Deze leerling heeft geen cijfer meer, en het LIS ook niet.",
        "This student has no grade any more, and neither has the SIS.",
    ),
    _teacher(
        "export.misplaced",
        "Dit cijfer staat in het LIS ook bij een andere leerling: deze leerling was daar eerder aan gekoppeld.",
        "The SIS has this grade for another student as well: this student was paired with that one before.",
        "Het blijft daar staan, tenzij u kiest om het te verwijderen.",
        "It stays there, unless you choose to delete it.",
    ),
    Cause(
        "export.misplaced_by_hand",
        Owner.SIS_ADMIN,
        "Een cijfer van deze leerling staat in het LIS nog bij een andere leerling, en het LIS laat Profijt niets "
        "verwijderen.",
        "The SIS has a grade of this student for another student, and does not let Profijt delete anything.",
        "Moet het cijfer daar weg, verwijder het dan in het LIS zelf.",
        "If the grade is to go from there, delete it in the SIS itself.",
    ),
    _told(
        "export.misplaced_gone",
        "Een cijfer van deze leerling stond in het LIS bij een andere leerling, en staat daar niet meer.",
        "The SIS had a grade of this student for another student, and has it no more.",
    ),
)

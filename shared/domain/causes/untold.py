"""Causes of what a timetable cannot show because WebUntis does not tell it, or because nobody can be asked about."""

from shared.domain.causes.cause import Cause, Owner

UNTOLD: tuple[Cause, ...] = (
    Cause(
        "week.untold",
        Owner.UNTIS_ADMIN,
        "WebUntis geeft niet door welke leerlingen in de lessen van deze week zitten ({count} lessen), dus niet te "
        "zeggen is welke daarvan voor deze leerling zijn.",
        "WebUntis does not tell which students are in the lessons of this week ({count} lessons), so it cannot be said "
        "which of them are this student's.",
        "Controleer in WebUntis (Administratie, Platform) of de applicatie Profijt de leerlingen van lessen mag lezen, "
        "en of aan de lessen leerlingen zijn toegewezen.",
        "Check in WebUntis (Administration, Platform) that the application Profijt may read the students of lessons, "
        "and that students are assigned to the lessons.",
    ),
    Cause(
        "week.nobody_linked",
        Owner.ADMIN,
        "Er is nog geen docent gekoppeld. Het rooster van de hele school mag Profijt in WebUntis niet lezen, alleen "
        "dat van wie is gekoppeld.",
        "No teacher is linked yet. In WebUntis Profijt may not read the timetable of the whole school, only that of "
        "who is linked.",
        "Koppel de docenten bij de koppelingen, of laat WebUntis het recht op het rooster van de hele school geven.",
        "Link the teachers under links, or have WebUntis give the right to the timetable of the whole school.",
    ),
    Cause(
        "week.id_number_unknown",
        Owner.ADMIN,
        "WebUntis kent uw ID-nummer niet, dus uw lessen zijn daar niet op te vragen.",
        "WebUntis does not know your ID number, so your lessons cannot be asked for there.",
        "Laat de beheerder bij de koppelingen nagaan aan wie u bent gekoppeld, en of diens ID-nummer (externe sleutel) "
        "in WebUntis nog hetzelfde is.",
        "Have the admin check under links whom you are linked to, and whether that person's ID number (external key) "
        "is still the same in WebUntis.",
    ),
    Cause(
        "timetable.changes_untold",
        Owner.NOBODY,
        "WebUntis geeft bij deze school niet door wanneer lessen zijn gewijzigd, dus niet te zeggen is wat er "
        "sindsdien is veranderd.",
        "At this school WebUntis does not tell when lessons were changed, so it cannot be said what has changed since.",
        "Bekijk de hele week, zonder «gewijzigd sinds».",
        "Look at the whole week, without «changed since».",
    ),
)

"""Causes about an export as an operation: asking for it, how it ends, what came of an item."""

from shared.domain.causes.cause import Cause, Owner

EXPORTS: tuple[Cause, ...] = (
    Cause(
        "export.unknown",
        Owner.TEACHER,
        "Deze export is er niet.",
        "This export is not there.",
        "Kijk in de lijst met exports van uw lesgroep.",
        "Look in the list of exports of your class.",
    ),
    Cause(
        "export.gone",
        Owner.TEACHER,
        "De gegevens per leerling van deze export zijn na de bewaartermijn gewist; de aantallen staan er nog.",
        "This export's details per student were deleted after their time; its counts are still there.",
        "Exporteer de lesgroep opnieuw: wat het LIS al heeft, wordt niet nog eens verzonden.",
        "Export the class again: what the SIS already has is not sent once more.",
    ),
    Cause(
        "export.other_sis",
        Owner.TEACHER,
        "Deze lesgroep is gekoppeld aan een klas van een ander LIS dan waarmee de school nu is verbonden.",
        "This class is linked to a class of another SIS than the school is connected to now.",
        "Koppel de lesgroep opnieuw, aan een klas van het LIS dat nu verbonden is.",
        "Link the class again, to a class of the SIS that is connected now.",
    ),
    Cause(
        "export.under_way",
        Owner.TEACHER,
        "Deze export is nog bezig.",
        "This export is still under way.",
        "Wacht tot hij klaar is; daarna kan wat mislukte opnieuw.",
        "Wait until it is done; then what failed can be repeated.",
    ),
    Cause(
        "export.colleague",
        Owner.TEACHER,
        "Een collega is deze lesgroep nu aan het exporteren.",
        "A colleague is exporting this class now.",
        "Wacht tot die export klaar is en exporteer dan zelf: wat er al staat, wordt niet nog eens verzonden.",
        "Wait until that export is done and then export yourself: what is there already is not sent again.",
    ),
    Cause(
        "export.relinked",
        Owner.TEACHER,
        "De lesgroep is anders gekoppeld dan toen deze export werd gevraagd; er is niets verzonden.",
        "The class is linked otherwise than when this export was asked for; nothing was sent.",
        "Exporteer de lesgroep opnieuw.",
        "Export the class again.",
    ),
    Cause(
        "export.link_changed",
        Owner.TEACHER,
        "De koppeling van de lesgroep is gewijzigd of opgeheven terwijl deze export bezig was; daarna is er niets meer "
        "verzonden.",
        "The link of the class was changed or removed while this export was under way; nothing was sent after that.",
        "Kijk of de leerlingen goed gekoppeld zijn en exporteer opnieuw.",
        "Look whether the students are paired rightly and export again.",
    ),
    Cause(
        "export.silent",
        Owner.NOBODY,
        "Deze export viel stil en is vervangen door een nieuwe.",
        "This export fell silent and was replaced by a new one.",
        "Kijk bij de nieuwe export: die is verdergegaan waar deze bleef.",
        "Look at the new export: it went on where this one stopped.",
    ),
    Cause(
        "export.nothing_failed",
        Owner.TEACHER,
        "Van deze export is niets mislukt.",
        "Nothing of this export failed.",
        "Er hoeft niets opnieuw. Voor nieuwe cijfers: exporteer de lesgroep.",
        "Nothing has to be repeated. For new grades: export the class.",
    ),
    Cause(
        "export.disconnected",
        Owner.ADMIN,
        "De verbinding met het LIS is verbroken of vervangen terwijl deze export bezig was; daarna is er niets meer "
        "verzonden.",
        "The connection to the SIS was ended or replaced while this export was under way; nothing was sent after that.",
        "Laat de beheerder het LIS weer verbinden en exporteer opnieuw: wat er al staat, wordt niet nog eens "
        "verzonden.",
        "Have the admin connect the SIS again and export once more: what is there already is not sent again.",
    ),
    Cause(
        "export.teachers_off",
        Owner.ADMIN,
        "De beheerder heeft exporteren door docenten uitgezet terwijl deze export bezig was; de rest is niet "
        "verzonden.",
        "The admin switched exporting by teachers off while this export was under way; the rest was not sent.",
        "Vraag de beheerder om de docentenrechten weer aan te zetten en herhaal de export.",
        "Ask the admin to switch the teacher permission on again and repeat the export.",
    ),
    Cause(
        "export.item_failed",
        Owner.TEACHER,
        "Het onderdeel staat niet in het LIS, dus is dit cijfer niet verzonden.",
        "The item is not in the SIS, so this grade was not sent.",
        "Los eerst op wat er bij het onderdeel staat en herhaal dan de export.",
        "First mend what is said of the item, then repeat the export.",
    ),
    Cause(
        "export.no_answer",
        Owner.NOBODY,
        "Het LIS gaf na herhaalde pogingen geen antwoord.",
        "The SIS gave no answer, also after repeated attempts.",
        "Herhaal de export later; wat al verzonden is, komt er niet dubbel in.",
        "Repeat the export later; what was sent already will not be in it twice.",
    ),
    Cause(
        "export.not_deleted",
        Owner.SIS_ADMIN,
        "Het LIS heeft dit niet gewist.",
        "The SIS did not delete this.",
        "Wis het zelf in het LIS.",
        "Delete it in the SIS yourself.",
    ),
)

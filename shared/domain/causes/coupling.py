"""The conditions a coupling can be in, as an admin reads them at eight o'clock on Monday; and its pause."""

from shared.domain.causes.cause import Cause, Owner


def _is(condition: str, owner: Owner, nl: str, en: str, remedy: tuple[str, str]) -> Cause:
    return Cause(f"coupling.{condition}", owner, nl, en, *remedy)


_NOTHING = ("U hoeft niets te doen.", "You need not do anything.")

COUPLING: tuple[Cause, ...] = (
    _is(
        "not_set_up",
        Owner.ADMIN,
        "De WebUntis-koppeling is nog niet ingesteld.",
        "The WebUntis coupling has not been set up yet.",
        (
            "Vul Schoolnaam, Subdomein en Wachtwoord in, test de verbinding en zet het vinkje Ingeschakeld aan.",
            "Fill in Schoolnaam, Subdomein and Wachtwoord, test the connection and tick Ingeschakeld (enabled).",
        ),
    ),
    _is(
        "waiting",
        Owner.NOBODY,
        "De WebUntis-koppeling staat aan en wacht op de eerste synchronisatie.",
        "The WebUntis coupling is on and waits for its first synchronisation.",
        (
            "Wacht tot die er is geweest (maximaal 30 minuten), of vraag er nu een aan.",
            "Wait until it has been (30 minutes at most), or ask for one now.",
        ),
    ),
    _is(
        "waiting_again",
        Owner.NOBODY,
        "De WebUntis-koppeling staat aan en wacht op de volgende synchronisatie.",
        "The WebUntis coupling is on and waits for its next synchronisation.",
        (
            "Wacht tot die er is geweest (maximaal 30 minuten), of vraag er nu een aan.",
            "Wait until it has been (30 minutes at most), or ask for one now.",
        ),
    ),
    _is(
        "lessons_refused",
        Owner.UNTIS_ADMIN,
        "Leerlingen en docenten worden gekoppeld, maar hun roosters kunnen niet worden gelezen.",
        "Students and teachers are linked, but their timetables cannot be read.",
        (
            "Controleer bij de instellingen de gebruikersnaam en het wachtwoord van de API-gebruiker.",
            "Check the user name and the password of the API user in the settings.",
        ),
    ),
    _is("on_time", Owner.NOBODY, "De WebUntis-koppeling werkt.", "The WebUntis coupling works.", _NOTHING),
    _is(
        "late",
        Owner.NOBODY,
        "De laatste gelukte synchronisatie met WebUntis is langer dan 45 minuten geleden.",
        "The last good synchronisation with WebUntis is more than 45 minutes ago.",
        (
            "U hoeft niets te doen: Profijt probeert het elk half uur opnieuw. De koppelingen blijven zoals ze zijn.",
            "You need not do anything: Profijt tries again every half hour. The links stay as they are.",
        ),
    ),
    _is(
        "error",
        Owner.SUPPORT,
        "De laatste gelukte synchronisatie met WebUntis is langer dan 65 minuten geleden.",
        "The last good synchronisation with WebUntis is more than 65 minutes ago.",
        (
            "Kijk of WebUntis zelf bereikbaar is. Is dat zo, neem dan contact op met support (support@profijt.nu).",
            "See whether WebUntis itself can be reached. If it can, contact support (support@profijt.nu).",
        ),
    ),
    _is(
        "held",
        Owner.ADMIN,
        "Een synchronisatie van de WebUntis-koppeling is aangehouden: er zou te veel veranderen.",
        "A synchronisation of the WebUntis coupling is held: too much would change.",
        (
            "Bekijk in het log wat er zou veranderen, en keur dat goed of verwerp het.",
            "See in the log what would change, and approve or discard it.",
        ),
    ),
    _is(
        "action_needed",
        Owner.ADMIN,
        "De WebUntis-koppeling werkt niet of niet helemaal: er is actie nodig.",
        "The WebUntis coupling does not work, or not wholly: somebody must act.",
        ("Bekijk de laatste synchronisatie.", "Look at the last run."),
    ),
    _is(
        "paused",
        Owner.NOBODY,
        "De WebUntis-koppeling is gepauzeerd tot en met {last}.",
        "The WebUntis coupling is paused up to and including {last}.",
        (
            "Daarna gaat hij vanzelf verder. Eerder verder? Beëindig de pauze.",
            "It resumes by itself after that. To resume earlier, end the pause.",
        ),
    ),
    _is(
        "off",
        Owner.ADMIN,
        "De WebUntis-koppeling staat uit.",
        "The WebUntis coupling is switched off.",
        (
            "Zet in de instellingen het vinkje Ingeschakeld aan om hem weer te gebruiken.",
            "Tick Ingeschakeld (enabled) in the settings to use it again.",
        ),
    ),
    Cause(
        "pause.order",
        Owner.ADMIN,
        "De laatste dag van de pauze ligt vóór de eerste, of is al voorbij.",
        "The last day of the pause lies before its first, or is over already.",
        "Kies een latere laatste dag.",
        "Choose a later last day.",
    ),
    Cause(
        "pause.too_long",
        Owner.ADMIN,
        "Een pauze kan hooguit {days} dagen vooruit duren.",
        "A pause can last {days} days from now at most.",
        "Kies een eerdere laatste dag, of zet de koppeling uit.",
        "Choose an earlier last day, or switch the coupling off.",
    ),
)

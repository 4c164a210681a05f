"""Causes about what the service itself stands on: kept secrets, the queue, and what the queue delivers."""

from shared.domain.causes.cause import Cause, Owner

_WAIT_NL = "U hoeft niets te doen: Profijt probeert het vanzelf opnieuw."
_WAIT_EN = "You need not do anything: Profijt tries again by itself."
_OURS_NL = "Meld de code {code} bij support (support@profijt.nu); zelf kunt u niets doen."
_OURS_EN = "Give the code {code} to support (support@profijt.nu); there is nothing you can do yourself."


def _ours(code: str, *, nl: str, en: str) -> Cause:
    """Something only Profijt can mend; the remedy names the code."""
    return Cause(code, Owner.SUPPORT, nl, en, _OURS_NL.replace("{code}", code), _OURS_EN.replace("{code}", code))


PLATFORM: tuple[Cause, ...] = (
    # ------------------------------------------------ secrets
    Cause(
        "secret.not_found",
        Owner.ADMIN,
        "Het bewaarde wachtwoord van de koppeling is er niet meer of is ingetrokken.",
        "The stored password of the connection is gone or was withdrawn.",
        "Vul het wachtwoord van de koppeling opnieuw in en bewaar de instellingen.",
        "Enter the password of the connection again and save the settings.",
    ),
    Cause(
        "secret.text_refused",
        Owner.ADMIN,
        "Het wachtwoord kan niet worden bewaard: het is leeg, langer dan {limit} bytes, of bevat een onleesbaar teken.",
        "The password cannot be stored: it is empty, longer than {limit} bytes, or holds an unreadable character.",
        "Kopieer het wachtwoord opnieuw uit de bron en vul het nog eens in.",
        "Copy the password from its source again and enter it once more.",
    ),
    _ours(
        "secret.name_refused",
        nl="Een wachtwoord kan niet onder deze naam worden bewaard.",
        en="A password cannot be stored under this name.",
    ),
    Cause(
        "secret.unreachable",
        Owner.NOBODY,
        "De kluis met wachtwoorden van Profijt antwoordt even niet.",
        "Profijt's password vault does not answer for the moment.",
        _WAIT_NL,
        _WAIT_EN,
    ),
    Cause(
        "secret.throttled",
        Owner.NOBODY,
        "De kluis met wachtwoorden van Profijt heeft het even te druk.",
        "Profijt's password vault is too busy for the moment.",
        _WAIT_NL,
        _WAIT_EN,
    ),
    Cause(
        "secret.corrupted",
        Owner.NOBODY,
        "Een wachtwoord kwam beschadigd uit de kluis van Profijt en is niet gebruikt.",
        "A password came out of Profijt's vault damaged and was not used.",
        _WAIT_NL,
        _WAIT_EN,
    ),
    _ours(
        "secret.not_allowed",
        nl="Profijt mag niet bij de eigen kluis met wachtwoorden.",
        en="Profijt is not allowed into its own password vault.",
    ),
    _ours(
        "secret.refused",
        nl="De kluis met wachtwoorden van Profijt heeft de opdracht geweigerd.",
        en="Profijt's password vault refused the request.",
    ),
    _ours(
        "secret.file_open_to_others",
        nl="Het bestand {file} met wachtwoorden is op deze computer ook leesbaar voor anderen en wordt niet gebruikt.",
        en="The file {file} with passwords can be read by others on this computer and is not used.",
    ),
    _ours(
        "secret.file_unreadable",
        nl="Het bestand {file} met wachtwoorden kan niet worden gelezen of is beschadigd.",
        en="The file {file} with passwords cannot be read or is damaged.",
    ),
    _ours(
        "secret.not_saved",
        nl="Het wachtwoord kon niet worden bewaard: de schijf van de server weigert.",
        en="The password could not be saved: the server's disk refuses.",
    ),
    # ------------------------------------------------ queue
    Cause(
        "queue.unreachable",
        Owner.NOBODY,
        "De wachtrij van Profijt antwoordt even niet; het werk is niet gestart.",
        "Profijt's queue does not answer for the moment; the work was not started.",
        "Probeer het over een paar minuten opnieuw; de vaste ronde doet dat vanzelf.",
        "Try again in a few minutes; the regular round does so by itself.",
    ),
    Cause(
        "queue.throttled",
        Owner.NOBODY,
        "De wachtrij van Profijt heeft het even te druk; het werk is niet gestart.",
        "Profijt's queue is too busy for the moment; the work was not started.",
        "Probeer het over een paar minuten opnieuw; de vaste ronde doet dat vanzelf.",
        "Try again in a few minutes; the regular round does so by itself.",
    ),
    _ours(
        "queue.not_allowed",
        nl="Profijt mag geen werk in de eigen wachtrij zetten.",
        en="Profijt is not allowed to put work into its own queue.",
    ),
    _ours(
        "queue.refused",
        nl="De wachtrij van Profijt heeft de opdracht geweigerd.",
        en="Profijt's queue refused the request.",
    ),
    _ours(
        "queue.unknown_topic",
        nl="De wachtrij {topic} bestaat niet in deze omgeving.",
        en="The queue {topic} does not exist in this environment.",
    ),
    _ours(
        "queue.message_refused",
        nl="Een opdracht past niet in de wachtrij: er mogen alleen korte teksten in, samen hoogstens {limit} bytes.",
        en="A request does not fit the queue: it takes short texts only, {limit} bytes at most together.",
    ),
    _ours(
        "push.unreadable",
        nl="Een opdracht uit de wachtrij is niet te lezen en wordt niet uitgevoerd.",
        en="A request from the queue cannot be read and is not carried out.",
    ),
)

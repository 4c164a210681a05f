"""Causes about deciding on links by hand, accepting proposals and undoing a run.

Blanks: {user} is a Profijt user id, {count} a number.
"""

from shared.domain.causes.cause import Cause, Owner

REVIEW: tuple[Cause, ...] = (
    Cause(
        "links.coupling_off",
        Owner.ADMIN,
        "De koppeling staat uit, dus WebUntis kan nu niet worden geraadpleegd.",
        "The coupling is switched off, so WebUntis cannot be consulted now.",
        "Zet in de instellingen het vinkje Ingeschakeld aan en probeer het opnieuw.",
        "Tick Ingeschakeld (enabled) in the settings and try again.",
    ),
    Cause(
        "links.user_unknown",
        Owner.ADMIN,
        "Deze gebruiker is op deze school niet bekend.",
        "This user is not known at this school.",
        "Kies iemand uit de lijst met koppelingen; is de gebruiker nieuw, wacht dan tot Profijt die aanlevert.",
        "Choose a user from the list of links; if somebody is new, wait until Profijt has delivered the user.",
    ),
    Cause(
        "links.not_judged",
        Owner.NOBODY,
        "Deze gebruiker is nog niet beoordeeld.",
        "This user has not been judged yet.",
        "Wacht op de volgende synchronisatie (maximaal 30 minuten), of koppel met de hand.",
        "Wait for the next synchronisation (30 minutes at most), or link by hand.",
    ),
    Cause(
        "links.candidate_changed",
        Owner.ADMIN,
        "Inmiddels past iemand anders bij deze gebruiker dan de voorgestelde persoon.",
        "By now somebody else fits this user than the person proposed.",
        "Bekijk deze koppeling apart en kies zelf de juiste persoon.",
        "Look at this link by itself and choose the right person.",
    ),
    Cause(
        "links.id_number_missing",
        Owner.ADMIN,
        "Er is geen ID-nummer opgegeven.",
        "No ID number was given.",
        "Vul het ID-nummer in van de persoon in WebUntis. Heeft die er geen, vul het dan eerst in WebUntis in.",
        "Give the ID number of the person in WebUntis. If they have none, fill it in in WebUntis first.",
    ),
    Cause(
        "links.id_number_unknown",
        Owner.ADMIN,
        "Niemand met deze rol heeft in WebUntis dit ID-nummer.",
        "Nobody with this role has this ID number in WebUntis.",
        "Controleer het ID-nummer, ook de nullen vooraan, en of het van een leerling of van een docent is.",
        "Check the ID number, leading zeros included, and whether it is a student's or a teacher's.",
    ),
    Cause(
        "links.id_number_double",
        Owner.UNTIS_ADMIN,
        "In WebUntis hebben {count} personen met deze rol dit ID-nummer.",
        "In WebUntis {count} people with this role have this ID number.",
        "Geef in WebUntis elke persoon een eigen ID-nummer en probeer het daarna opnieuw.",
        "Give every person an ID number of their own in WebUntis and then try again.",
    ),
    Cause(
        "links.id_number_taken",
        Owner.ADMIN,
        "Dit ID-nummer is al gekoppeld aan gebruiker {user}.",
        "This ID number is already linked to user {user}.",
        "Klopt dat niet, ontkoppel dan eerst gebruiker {user} of kies daar «nooit», en koppel daarna opnieuw.",
        "If that is wrong, first unlink user {user} or choose «nooit» (never) there, and then link again.",
    ),
    Cause(
        "person.id_number_missing",
        Owner.UNTIS_ADMIN,
        "Deze persoon heeft in WebUntis geen ID-nummer.",
        "This person has no ID number in WebUntis.",
        "Vul in WebUntis bij deze persoon een eigen ID-nummer in.",
        "Fill in an ID number of their own for this person in WebUntis.",
    ),
    Cause(
        "person.id_number_double",
        Owner.UNTIS_ADMIN,
        "Meer dan één {role} heeft in WebUntis dit ID-nummer.",
        "More than one {role} has this ID number in WebUntis.",
        "Ga in WebUntis na van wie dit ID-nummer is. Die houdt het; geef de anderen een eigen ID-nummer.",
        "Find out in WebUntis whose ID number this is. That person keeps it; give the others one of their own.",
    ),
    Cause(
        "undo.nothing_applied",
        Owner.ADMIN,
        "Deze synchronisatie heeft zelf geen koppeling gewijzigd, dus er is niets terug te draaien.",
        "This synchronisation changed no link itself, so there is nothing to undo.",
        "Kies uit de lijst een synchronisatie die wel iets heeft gewijzigd.",
        "Choose a synchronisation from the list that did change something.",
    ),
    Cause(
        "undo.log_gone",
        Owner.NOBODY,
        "Het log van deze synchronisatie wordt niet meer bewaard; wat er eerder stond is niet meer bekend.",
        "The log of this synchronisation is no longer kept; what was there before is not known any more.",
        "Herstel de koppelingen die niet kloppen met de hand.",
        "Correct the links that are wrong by hand.",
    ),
    Cause(
        "undo.user_gone",
        Owner.NOBODY,
        "Deze gebruiker is er niet meer in Profijt.",
        "This user is no longer in Profijt.",
        "Komt de gebruiker terug, draai de synchronisatie dan nog eens terug of koppel met de hand.",
        "If the user comes back, undo the synchronisation once more or link by hand.",
    ),
)

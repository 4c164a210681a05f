"""Causes about a school, its WebUntis settings, and the settings of the service itself."""

from shared.domain.causes.cause import Cause, Owner

SETTINGS: tuple[Cause, ...] = (
    Cause(
        "settings.incomplete",
        Owner.ADMIN,
        "De instellingen van WebUntis zijn niet volledig: {missing} ontbreekt.",
        "The WebUntis settings are incomplete: {missing} is missing.",
        "Vul Schoolnaam, Subdomein en Wachtwoord in zoals ze in WebUntis onder Administratie > Platform staan.",
        "Fill in Schoolnaam, Subdomein and Wachtwoord as they stand in WebUntis under Administration > Platform.",
    ),
    Cause(
        "settings.locked",
        Owner.SUPPORT,
        "De WebUntis-instellingen van deze school zijn afgeschermd.",
        "The WebUntis settings of this school are locked.",
        "Neem contact op met support (support@profijt.nu) om ze toegankelijk te maken.",
        "Contact support (support@profijt.nu) to have them opened.",
    ),
    Cause(
        "settings.subdomain",
        Owner.ADMIN,
        "Het subdomein mag alleen letters, cijfers en streepjes bevatten.",
        "The subdomain may hold letters, digits and hyphens only.",
        "Het is het deel tussen https:// en de eerste punt van de Server URL, bijvoorbeeld tom.",
        "It is the part between https:// and the first dot of the Server URL, for example tom.",
    ),
    Cause(
        "school.unknown",
        Owner.SUPPORT,
        "Deze school is niet bekend.",
        "This school is not known.",
        "Laat support de school aanmaken.",
        "Have support create the school.",
    ),
    Cause(
        "config.missing",
        Owner.SUPPORT,
        "De dienst is niet volledig ingesteld: {variable} ontbreekt.",
        "The service is not fully configured: {variable} is missing.",
        "Vul de omgevingsvariabele in en rol de functie opnieuw uit.",
        "Set the environment variable and deploy the function again.",
    ),
    Cause(
        "config.unreadable",
        Owner.SUPPORT,
        "De instelling {variable} van de dienst is niet te lezen.",
        "The service's setting {variable} cannot be read.",
        "Verbeter de omgevingsvariabele en rol de functie opnieuw uit.",
        "Mend the environment variable and deploy the function again.",
    ),
    Cause(
        "config.loopback",
        Owner.SUPPORT,
        "De dienst start niet: REACH_LOOPBACK hoort alleen bij de lokale opstelling.",
        "The service does not start: REACH_LOOPBACK belongs to the local composition only.",
        "Haal REACH_LOOPBACK uit de omgeving.",
        "Take REACH_LOOPBACK out of the environment.",
    ),
)

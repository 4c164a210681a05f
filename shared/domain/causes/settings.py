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
        "Dit is geen Subdomein van WebUntis, en ook geen adres dat op .webuntis.com eindigt.",
        "This is no subdomain of WebUntis, nor an address that ends in .webuntis.com.",
        "Neem in WebUntis (Administratie, Platform, Profijt) de Server URL over. Het Subdomein is het deel tussen "
        "https:// en de eerste punt: bij https://tom.webuntis.com is dat tom.",
        "Copy the Server URL from WebUntis (Administration, Platform, Profijt). The subdomain is its part between "
        "https:// and the first dot: of https://tom.webuntis.com that is tom.",
    ),
    Cause(
        "settings.password_refused",
        Owner.UNTIS_ADMIN,
        "WebUntis weigert het nieuwe wachtwoord. Er is niets gewijzigd.",
        "WebUntis refuses the new password. Nothing was changed.",
        "Sla de applicatie Profijt in WebUntis (Administratie, Platform) opnieuw op en vul het wachtwoord in dat dan "
        "verschijnt. Dit wachtwoord wordt niet nog eens geprobeerd.",
        "Save the application Profijt in WebUntis (Administration, Platform) again and fill in the password it then "
        "shows. This password is not tried again.",
    ),
    Cause(
        "settings.password_refused_before",
        Owner.UNTIS_ADMIN,
        "WebUntis heeft dit wachtwoord al geweigerd; het is nu niet opnieuw geprobeerd.",
        "WebUntis refused this password before; it was not tried again now.",
        "Sla de applicatie Profijt in WebUntis (Administratie, Platform) opnieuw op en vul het wachtwoord in dat dan "
        "verschijnt.",
        "Save the application Profijt in WebUntis (Administration, Platform) again and fill in the password it then "
        "shows.",
    ),
    Cause(
        "settings.too_many_refusals",
        Owner.UNTIS_ADMIN,
        "WebUntis heeft {count} wachtwoorden geweigerd. Om een blokkade te voorkomen (WebUntis blokkeert na 8) wordt "
        "er tot {when} niet meer geprobeerd.",
        "WebUntis refused {count} passwords. To prevent a lock-out (WebUntis locks after 8) nothing is tried until "
        "{when}.",
        "Sla de applicatie Profijt in WebUntis (Administratie, Platform) opnieuw op en bewaar het wachtwoord; vul het "
        "hier in na {when}.",
        "Save the application Profijt in WebUntis (Administration, Platform) again and keep the password; fill it in "
        "here after {when}.",
    ),
    Cause(
        "settings.api_incomplete",
        Owner.ADMIN,
        "De API-gebruiker is niet volledig: {missing} ontbreekt.",
        "The API user is incomplete: {missing} is missing.",
        "Vul API-gebruiker en API-wachtwoord samen in, of laat ze allebei leeg. Bij een andere gebruiker hoort een "
        "ander wachtwoord.",
        "Fill in API-gebruiker and API-wachtwoord together, or leave both empty. Another user has another password.",
    ),
    Cause(
        "settings.api_refused",
        Owner.UNTIS_ADMIN,
        "WebUntis weigert deze API-gebruiker met dit wachtwoord. Er is niets gewijzigd.",
        "WebUntis refuses this API user with this password. Nothing was changed.",
        "Controleer in WebUntis (Administratie, Gebruikers) de naam van de gebruiker en of hij actief is, en geef hem "
        "een nieuw wachtwoord. Dit wachtwoord wordt niet nog eens geprobeerd.",
        "Check the user's name in WebUntis (Administration, Users) and that it is active, and give it a new password. "
        "This password is not tried again.",
    ),
    Cause(
        "settings.api_refused_before",
        Owner.UNTIS_ADMIN,
        "WebUntis heeft deze API-gebruiker met dit wachtwoord al geweigerd; het is nu niet opnieuw geprobeerd.",
        "WebUntis refused this API user with this password before; it was not tried again now.",
        "Geef de gebruiker in WebUntis (Administratie, Gebruikers) een nieuw wachtwoord en vul dat in.",
        "Give the user a new password in WebUntis (Administration, Users) and fill that in.",
    ),
    Cause(
        "settings.api_too_many_refusals",
        Owner.UNTIS_ADMIN,
        "WebUntis heeft {count} wachtwoorden van deze API-gebruiker geweigerd. Om een blokkade te voorkomen (WebUntis "
        "blokkeert na 8) wordt er tot {when} niet meer geprobeerd.",
        "WebUntis refused {count} passwords of this API user. To prevent a lock-out (WebUntis locks after 8) nothing "
        "is tried until {when}.",
        "Geef de gebruiker in WebUntis (Administratie, Gebruikers) een nieuw wachtwoord en vul het hier in na {when}.",
        "Give the user a new password in WebUntis (Administration, Users) and fill it in here after {when}.",
    ),
    Cause(
        "settings.not_tried",
        Owner.NOBODY,
        "Het nieuwe wachtwoord kon nu niet bij WebUntis worden geprobeerd. Er is niets gewijzigd: de oude "
        "instellingen en het oude wachtwoord blijven in gebruik.",
        "The new password could not be tried at WebUntis now. Nothing was changed: the old settings and "
        "the old password stay in use.",
        "Probeer het over een paar minuten opnieuw. Wat er aan de hand is, vertelt de test van de koppeling.",
        "Try again in a few minutes. The test of the coupling tells what is the matter.",
    ),
    Cause(
        "settings.field_holds_bsns",
        Owner.ADMIN,
        "In het veld {field} staan waarschijnlijk BSN's ({passing} van de {numbers} nummers); daarmee mag niet worden "
        "gekoppeld.",
        "The field {field} probably holds BSNs ({passing} of {numbers} numbers); they may not be used for linking.",
        "Kies een ander identificerend kenmerk en haal de BSN's uit het veld {field}.",
        "Choose another identifying attribute, and remove the BSNs from the field {field}.",
    ),
    Cause(
        "settings.id_numbers_hold_bsns",
        Owner.UNTIS_ADMIN,
        "In WebUntis staan bij ID-nummer waarschijnlijk BSN's ({passing} van de {numbers} nummers).",
        "The ID numbers in WebUntis are probably BSNs ({passing} of {numbers} numbers).",
        "Vervang ze in WebUntis door een ander nummer, bijvoorbeeld het leerlingnummer.",
        "Replace them in WebUntis by another number, for example the student number.",
    ),
    Cause(
        "settings.eck_id_too_long",
        Owner.ADMIN,
        "Een ECK-iD telt 154 tekens en een ID-nummer in WebUntis hooguit 100: op ECK-iD kan niemand worden gekoppeld.",
        "An ECK-iD has 154 characters and an ID number in WebUntis at most 100: nobody can be linked by ECK-iD.",
        "Kies een ander identificerend kenmerk, bijvoorbeeld Nummer of Untis ID-nummer.",
        "Choose another identifying attribute, for example Nummer or Untis ID-nummer.",
    ),
    Cause(
        "settings.values_too_long",
        Owner.ADMIN,
        "Bij {count} van de {total} gebruikers is {field} langer dan een ID-nummer in WebUntis kan zijn (100 tekens); "
        "zij kunnen niet worden gekoppeld.",
        "For {count} of {total} users {field} is longer than an ID number in WebUntis can be (100 characters); they "
        "cannot be linked.",
        "Kies een ander identificerend kenmerk of kort de waarden in.",
        "Choose another identifying attribute, or shorten the values.",
    ),
    Cause(
        "settings.list_empty",
        Owner.UNTIS_ADMIN,
        "Deze lijst is leeg: WebUntis kent hier niemand.",
        "This list is empty: WebUntis knows nobody here.",
        "Controleer in WebUntis of de personen er staan en of Profijt ze mag zien.",
        "Check in WebUntis that the people are there and that Profijt may see them.",
    ),
    Cause(
        "settings.no_id_numbers",
        Owner.UNTIS_ADMIN,
        "Niemand van deze {total} personen heeft in WebUntis een ID-nummer, dus niemand kan worden gekoppeld.",
        "None of these {total} people has an ID number in WebUntis, so nobody can be linked.",
        "Vul in WebUntis bij iedereen een eigen ID-nummer in.",
        "Fill in an ID number of their own for everybody in WebUntis.",
    ),
    Cause(
        "settings.id_numbers_untold",
        Owner.ADMIN,
        "WebUntis geeft aan een API-gebruiker geen ID-nummers van docenten door; deze {total} docenten kunnen zo niet "
        "worden gekoppeld.",
        "WebUntis does not tell an API user the ID numbers of teachers; these {total} teachers cannot be linked this "
        "way.",
        "Laat de Untis beheerder de applicatie Profijt toevoegen (Administratie, Platform) en vul het Wachtwoord in.",
        "Have the Untis administrator add the application Profijt (Administration, Platform) and fill in the password.",
    ),
    Cause(
        "school.unknown",
        Owner.SUPPORT,
        "Deze school is niet bekend.",
        "This school is not known.",
        "Vraag support (support@profijt.nu) om de school aan te maken.",
        "Ask support (support@profijt.nu) to create the school.",
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

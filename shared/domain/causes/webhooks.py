"""Causes about what WebUntis' platform tells us by webhook, and about whose a school at WebUntis is."""

from shared.domain.causes.cause import Cause, Owner

_THEIRS_NL = "Stuur het bericht zoals developer.untis.com (Webhooks) het beschrijft; herhalen verandert hier niets aan."
_THEIRS_EN = "Send the message as developer.untis.com (Webhooks) describes it; repeating changes nothing."

WEBHOOKS: tuple[Cause, ...] = (
    Cause(
        "webhook.signature",
        Owner.SUPPORT,
        "Dit bericht is niet aantoonbaar van WebUntis; er is niets mee gedaan.",
        "This message is not provably from WebUntis; nothing was done with it.",
        "Komt het wel van WebUntis, controleer dan of WEBUNTIS_WEBHOOK_KEY de publieke sleutel van deze omgeving is "
        "(productie of integratie).",
        "If it does come from WebUntis, check that WEBUNTIS_WEBHOOK_KEY is the public key of this environment "
        "(production or integration).",
    ),
    Cause(
        "webhook.unreadable",
        Owner.SUPPORT,
        "Dit bericht van WebUntis is echt, maar niet te lezen; er is niets mee gedaan.",
        "This message of WebUntis is genuine but cannot be read; nothing was done with it.",
        _THEIRS_NL,
        _THEIRS_EN,
    ),
    Cause(
        "webhook.busy",
        Owner.NOBODY,
        "Er kwamen te veel berichten over dezelfde school tegelijk binnen.",
        "Too many messages about the same school came in at once.",
        "Stuur het bericht over een minuut opnieuw.",
        "Send the message again in a minute.",
    ),
    Cause(
        "webuntis.deactivated",
        Owner.UNTIS_ADMIN,
        "De applicatie Profijt is in WebUntis gedeactiveerd. Profijt roept WebUntis niet meer aan; "
        "bestaande koppelingen blijven staan.",
        "The application Profijt was deactivated in WebUntis. Profijt no longer calls WebUntis; existing links stay.",
        "Activeer de applicatie Profijt in WebUntis (Administratie, Platform) weer. Gaat het daarna niet vanzelf "
        "verder, vul dan het wachtwoord dat WebUntis toont opnieuw in bij Profijt, Instellingen, WebUntis.",
        "Activate the application Profijt in WebUntis (Administration, Platform) again. If it does not go on by itself "
        "then, fill in the password WebUntis shows at Profijt, Settings, WebUntis.",
    ),
    Cause(
        "webuntis.deleted",
        Owner.UNTIS_ADMIN,
        "De applicatie Profijt is in WebUntis verwijderd. Profijt heeft het wachtwoord vernietigd en roept WebUntis "
        "niet meer aan.",
        "The application Profijt was removed in WebUntis. Profijt has destroyed the password and no longer calls "
        "WebUntis.",
        "Voeg de applicatie Profijt in WebUntis (Administratie, Platform) opnieuw toe, of zet de koppeling in Profijt "
        "uit.",
        "Add the application Profijt in WebUntis (Administration, Platform) again, or switch the coupling off in "
        "Profijt.",
    ),
    Cause(
        "tenant.asked",
        Owner.SUPPORT,
        "De toegang van WebUntis staat klaar. Support moet nog bevestigen dat deze WebUntis-school van u is.",
        "The access of WebUntis is ready. Support still has to confirm that this WebUntis school is yours.",
        "Wacht op bericht van support (support@profijt.nu), of vul het wachtwoord zelf in bij Wachtwoord.",
        "Wait to hear from support (support@profijt.nu), or fill in the password yourself at Wachtwoord.",
    ),
    Cause(
        "tenant.unknown",
        Owner.UNTIS_ADMIN,
        "WebUntis heeft voor deze school geen toegang klaargezet.",
        "WebUntis has no access waiting for this school.",
        "Activeer de applicatie Profijt in WebUntis (Administratie, Platform) en sla op. Staat zij al aan, maak daar "
        "dan een nieuw wachtwoord.",
        "Activate the application Profijt in WebUntis (Administration, Platform) and save. If it is on already, make a "
        "new password there.",
    ),
    Cause(
        "tenant.taken",
        Owner.SUPPORT,
        "Deze WebUntis-school hoort al bij een andere school in Profijt.",
        "This WebUntis school already belongs to another school in Profijt.",
        "Ga na wie gelijk heeft. Maak haar bij de andere school los en wijs haar dan hier toe.",
        "Find out who is right. Release it at the other school, then assign it here.",
    ),
    Cause(
        "tenant.other_server",
        Owner.SUPPORT,
        "De toegang die WebUntis klaarzette is van een andere server dan het Subdomein van deze school.",
        "The access WebUntis has waiting is of another server than this school's subdomain.",
        "Controleer de Tenant-ID en het Subdomein; een van beide is van een andere school.",
        "Check the tenant id and the subdomain; one of them is another school's.",
    ),
    Cause(
        "tenant.malformed",
        Owner.SUPPORT,
        "De Tenant-ID bevat tekens die er niet in kunnen staan.",
        "The tenant id holds characters it cannot have.",
        "Neem de Tenant-ID over uit WebUntis (Administratie, Platform, Profijt).",
        "Copy the tenant id from WebUntis (Administration, Platform, Profijt).",
    ),
)

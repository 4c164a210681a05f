"""Causes at WebUntis: what its answers about a school's login, rights and lists mean, and who can mend it."""

from shared.domain.causes.cause import Cause, Owner

_SETTINGS_NL = "Profijt, Instellingen, WebUntis"
_SETTINGS_EN = "Profijt, Settings, WebUntis"

WEBUNTIS = (
    Cause(
        "webuntis.login_refused",
        Owner.UNTIS_ADMIN,
        "WebUntis weigert het wachtwoord van de koppeling. Er wordt niet nog eens geprobeerd, "
        "omdat WebUntis na 8 foute pogingen blokkeert.",
        "WebUntis refuses the coupling's password. It is not tried again, "
        "because WebUntis locks after 8 wrong attempts.",
        "Sla de applicatie Profijt in WebUntis (Administratie, Platform) opnieuw op, noteer het wachtwoord dat dan "
        f"verschijnt en vul het in bij {_SETTINGS_NL}, Wachtwoord.",
        "Save the application Profijt in WebUntis (Administration, Platform) again, note the password it then shows "
        f"and fill it in at {_SETTINGS_EN}, Password.",
    ),
    Cause(
        "webuntis.right_missing",
        Owner.UNTIS_ADMIN,
        "WebUntis staat Profijt niet toe de lijst met {list} te lezen. Wat Profijt wel mag lezen, gaat gewoon door.",
        "WebUntis does not allow Profijt to read the list of {list}. What Profijt may read goes on as usual.",
        "Controleer in WebUntis (Administratie, Platform) of de applicatie Profijt actief is en {list} "
        "mag lezen. Staat dat recht er niet bij, meld dit dan bij support (support@profijt.nu).",
        "Check in WebUntis (Administration, Platform) that the application Profijt is active and may read "
        "{list}. If that right is not listed there, tell support (support@profijt.nu).",
    ),
    Cause(
        "webuntis.lessons_refused",
        Owner.UNTIS_ADMIN,
        "WebUntis staat Profijt niet toe deze roosters te lezen.",
        "WebUntis does not allow Profijt to read these timetables.",
        "Controleer in WebUntis (Administratie, Platform) of de applicatie Profijt actief is en roosters mag lezen. "
        f"Staat dat recht er niet bij, vul dan een API-gebruiker in bij {_SETTINGS_NL}.",
        "Check in WebUntis (Administration, Platform) that the application Profijt is active and may read timetables. "
        f"If that right is not listed there, fill in an API user at {_SETTINGS_EN}.",
    ),
    Cause(
        "webuntis.school_unknown",
        Owner.ADMIN,
        "WebUntis kent geen school met deze Schoolnaam op deze server.",
        "WebUntis knows no school with this school name on this server.",
        f"Vergelijk Schoolnaam en Subdomein bij {_SETTINGS_NL} letter voor letter met WebUntis (Administratie, "
        "Platform, Profijt), ook hoofdletters en spaties.",
        f"Compare school name and subdomain at {_SETTINGS_EN} letter by letter with WebUntis (Administration, "
        "Platform, Profijt), capitals and spaces included.",
    ),
    Cause(
        "webuntis.school_unknown_there",
        Owner.ADMIN,
        "De inlogdienst van WebUntis kent deze school niet (status {status}).",
        "WebUntis' login service does not know this school (status {status}).",
        f"Controleer Schoolnaam, Subdomein en Tenant-ID bij {_SETTINGS_NL}. Staat de manier van inloggen op v1, "
        "kies dan v3: WebUntis sluit v1 af.",
        f"Check school name, subdomain and tenant id at {_SETTINGS_EN}. If the way to log in is v1, choose v3: "
        "WebUntis is closing v1 down.",
    ),
    Cause(
        "webuntis.school_moved",
        Owner.ADMIN,
        "De school staat niet meer op {expected}, maar op {server}.",
        "The school is no longer at {expected} but at {server}.",
        f"Controleer met uw Untis beheerder of dit klopt en vul dan het nieuwe Subdomein in bij {_SETTINGS_NL}.",
        f"Check with your Untis administrator that this is right, then fill in the new subdomain at {_SETTINGS_EN}.",
    ),
    Cause(
        "webuntis.school_ambiguous",
        Owner.ADMIN,
        "WebUntis vindt {hits} scholen met deze Schoolnaam op dezelfde server; er wordt niet gegokt.",
        "WebUntis finds {hits} schools with this school name on the same server; we do not guess.",
        f"Vul de Tenant-ID in bij {_SETTINGS_NL}. Die staat in WebUntis bij de toegangsgegevens van Profijt.",
        f"Fill in the tenant id at {_SETTINGS_EN}. WebUntis shows it with the access data of Profijt.",
    ),
    Cause(
        "webuntis.search_too_broad",
        Owner.ADMIN,
        "De schoolzoeker van WebUntis vindt te veel scholen bij deze Schoolnaam.",
        "WebUntis' school search finds too many schools for this school name.",
        f"Vul de Tenant-ID in bij {_SETTINGS_NL}. Die staat in WebUntis bij de toegangsgegevens van Profijt.",
        f"Fill in the tenant id at {_SETTINGS_EN}. WebUntis shows it with the access data of Profijt.",
    ),
    Cause(
        "webuntis.search_unclear",
        Owner.ADMIN,
        "De schoolzoeker van WebUntis gaf een antwoord zonder bruikbare Tenant-ID.",
        "WebUntis' school search gave an answer without a usable tenant id.",
        f"Vul de Tenant-ID in bij {_SETTINGS_NL}. Die staat in WebUntis bij de toegangsgegevens van Profijt.",
        f"Fill in the tenant id at {_SETTINGS_EN}. WebUntis shows it with the access data of Profijt.",
    ),
    Cause(
        "webuntis.bad_subdomain",
        Owner.ADMIN,
        "Het Subdomein bevat tekens die er niet in kunnen staan.",
        "The subdomain holds characters it cannot have.",
        "Vul alleen het deel tussen https:// en de eerste punt van de Server URL in, bijvoorbeeld tom.",
        "Fill in only the part of the server URL between https:// and the first dot, for example tom.",
    ),
    Cause(
        "webuntis.bad_tenant_id",
        Owner.ADMIN,
        "De Tenant-ID bevat tekens die er niet in kunnen staan.",
        "The tenant id holds characters it cannot have.",
        "Neem de Tenant-ID over uit WebUntis (Administratie, Platform, Profijt) of laat het veld leeg.",
        "Copy the tenant id from WebUntis (Administration, Platform, Profijt) or leave the field empty.",
    ),
    Cause(
        "webuntis.wrong_tenant",
        Owner.SUPPORT,
        "WebUntis gaf gegevens van een andere school dan de ingestelde; er is niets van gebruikt.",
        "WebUntis gave data of another school than the one configured; none of it was used.",
        "Controleer de Tenant-ID. Klopt die, meld dit dan meteen bij support (support@profijt.nu).",
        "Check the tenant id. If it is right, tell support (support@profijt.nu) at once.",
    ),
    Cause(
        "webuntis.bad_token",
        Owner.SUPPORT,
        "WebUntis nam het wachtwoord aan, maar gaf geen bruikbare toegangssleutel.",
        "WebUntis took the password but gave no usable access token.",
        "Meld dit bij support (support@profijt.nu).",
        "Tell support (support@profijt.nu).",
    ),
    Cause(
        "webuntis.no_list",
        Owner.SUPPORT,
        "Het antwoord van WebUntis bevat geen lijst met {list}.",
        "WebUntis' answer holds no list of {list}.",
        "Meld dit bij support (support@profijt.nu); waarschijnlijk heeft WebUntis iets veranderd.",
        "Tell support (support@profijt.nu); WebUntis has probably changed something.",
    ),
    Cause(
        "webuntis.list_incomplete",
        Owner.SUPPORT,
        "De lijst met {list} van WebUntis kwam niet aantoonbaar volledig binnen ({why}); er is niets van gebruikt.",
        "WebUntis' list of {list} did not arrive provably complete ({why}); none of it was used.",
        "Er wordt vanzelf opnieuw geprobeerd. Blijft dit zo, meld het dan bij support (support@profijt.nu).",
        "It is tried again by itself. If it stays, tell support (support@profijt.nu).",
    ),
    Cause(
        "webuntis.list_unknown",
        Owner.SUPPORT,
        "WebUntis kent de lijst met {list} niet op dit adres.",
        "WebUntis does not know the list of {list} at this address.",
        "Meld dit bij support (support@profijt.nu).",
        "Tell support (support@profijt.nu).",
    ),
    Cause(
        "webuntis.request_refused",
        Owner.SUPPORT,
        "WebUntis keurt de vraag om de lijst met {list} af.",
        "WebUntis does not accept the request for the list of {list}.",
        "Meld dit bij support (support@profijt.nu).",
        "Tell support (support@profijt.nu).",
    ),
    Cause(
        "webuntis.publishing",
        Owner.NOBODY,
        "In WebUntis wordt op dit moment een rooster gepubliceerd.",
        "A timetable is being published in WebUntis right now.",
        "U hoeft niets te doen: er wordt straks vanzelf opnieuw geprobeerd.",
        "Nothing to do: it is tried again by itself shortly.",
    ),
    Cause(
        "webuntis.recovering",
        Owner.NOBODY,
        "De WebUntis-omgeving van de school herstelt zich van een storing.",
        "The school's WebUntis is recovering from a failure.",
        "U hoeft niets te doen: er wordt straks vanzelf opnieuw geprobeerd.",
        "Nothing to do: it is tried again by itself shortly.",
    ),
    Cause(
        "webuntis.maintenance",
        Owner.NOBODY,
        "WebUntis is in onderhoud.",
        "WebUntis is under maintenance.",
        "U hoeft niets te doen: er wordt straks vanzelf opnieuw geprobeerd.",
        "Nothing to do: it is tried again by itself shortly.",
    ),
)

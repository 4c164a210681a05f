"""Causes about telling a school that its coupling changed: the addresses it chose, and delivering to them."""

from shared.domain.causes.cause import Cause, Owner

NOTIFY: tuple[Cause, ...] = (
    Cause(
        "notify.host_unknown",
        Owner.ADMIN,
        "Het adres van de webhook is op internet niet te vinden.",
        "The webhook's address cannot be found on the internet.",
        "Controleer de spelling van het adres.",
        "Check the spelling of the address.",
    ),
    Cause(
        "notify.email_malformed",
        Owner.ADMIN,
        "Dit is geen e-mailadres.",
        "This is not an e-mail address.",
        "Vul één adres in, zoals beheer@school.nl.",
        "Fill in one address, such as beheer@school.nl.",
    ),
    Cause(
        "notify.no_mail",
        Owner.SUPPORT,
        "Profijt kan in deze omgeving geen e-mail versturen; het adres is niet opgeslagen.",
        "Profijt cannot send e-mail in this environment; the address was not stored.",
        "Gebruik een webhook, of vraag support (support@profijt.nu) om een mailserver in te stellen (SMTP_HOST).",
        "Use a webhook, or ask support (support@profijt.nu) to configure a mail server (SMTP_HOST).",
    ),
    Cause(
        "notify.busy",
        Owner.NOBODY,
        "Dit bericht wordt al verstuurd.",
        "This message is being sent already.",
        "U hoeft niets te doen.",
        "You need not do anything.",
    ),
    Cause(
        "mail.unreachable",
        Owner.NOBODY,
        "De mailserver {host} neemt nu geen post aan.",
        "The mail server {host} takes no mail at the moment.",
        "Profijt probeert het vanzelf opnieuw.",
        "Profijt tries again by itself.",
    ),
    Cause(
        "mail.address_refused",
        Owner.ADMIN,
        "De mailserver {host} kan niets bezorgen op het opgegeven e-mailadres.",
        "The mail server {host} cannot deliver to the e-mail address given.",
        "Verbeter het e-mailadres bij de meldingen.",
        "Correct the e-mail address of the notifications.",
    ),
    Cause(
        "mail.refused",
        Owner.SUPPORT,
        "De mailserver {host} weigert het bericht.",
        "The mail server {host} refuses the message.",
        "Laat support (support@profijt.nu) de instellingen van de mailserver nakijken.",
        "Have support (support@profijt.nu) check the settings of the mail server.",
    ),
    Cause(
        "mail.server_refuses",
        Owner.SUPPORT,
        "De mailserver {host} laat Profijt niet toe, of heeft geen beveiligde verbinding die te vertrouwen is.",
        "The mail server {host} does not let Profijt in, or has no secure connection that can be trusted.",
        "Controleer SMTP_HOST, SMTP_USER, SMTP_SECRET en het certificaat van de mailserver.",
        "Check SMTP_HOST, SMTP_USER, SMTP_SECRET and the certificate of the mail server.",
    ),
)

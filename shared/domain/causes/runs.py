"""Causes about runs of automatic linking: why one waits, fails or has not happened yet."""

from shared.domain.causes.cause import Cause, Owner

RUNS: tuple[Cause, ...] = (
    Cause(
        "hold.list_empty",
        Owner.UNTIS_ADMIN,
        "WebUntis gaf een lege lijst met {who}; de vorige keer stonden er {before} personen in. Er is niets gewijzigd.",
        "WebUntis returned an empty list of {who}; last time it held {before} people. Nothing was changed.",
        "Controleer in WebUntis of de stamgegevens er nog zijn en of Profijt ze mag lezen. Klopt de lege lijst, "
        "keur de synchronisatie dan goed.",
        "Check in WebUntis that the master data is still there and that Profijt may read it. If the empty list is "
        "right, approve the run.",
    ),
    Cause(
        "hold.list_shrunk",
        Owner.ADMIN,
        "De lijst met {who} uit WebUntis is veel korter dan de vorige keer: {now} in plaats van {before} personen. "
        "Er is niets gewijzigd.",
        "WebUntis' list of {who} is much shorter than last time: {now} instead of {before} people. "
        "Nothing was changed.",
        "Kijk of dit klopt, bijvoorbeeld na de diploma-uitreiking of jaarovergang. Keur de synchronisatie dan goed.",
        "See whether this is right, for instance after graduation or at the turn of the school year, and then approve "
        "the run.",
    ),
    Cause(
        "hold.links_lost",
        Owner.ADMIN,
        "Deze synchronisatie zou {lost} van de {links} koppelingen van {who} verbreken. Er is niets gewijzigd.",
        "This run would take away {lost} of the {links} links of {who}. Nothing was changed.",
        "Bekijk in het log wie het betreft. Klopt het, keur de synchronisatie dan goed.",
        "See in the log whom it concerns. If it is right, approve the run.",
    ),
    Cause(
        "run.busy",
        Owner.NOBODY,
        "Er loopt al een synchronisatie voor deze school.",
        "A synchronisation is already running for this school.",
        "Deze synchronisatie volgt vanzelf zodra de andere klaar is.",
        "This run follows by itself when the other one is done.",
    ),
    Cause(
        "run.list_unread",
        Owner.NOBODY,
        "De lijst met {who} in WebUntis kon deze keer niet worden gelezen; wat eerder was vastgesteld, blijft staan.",
        "WebUntis' list of {who} could not be read this time; what was found before still stands.",
        "Bij deze synchronisatie staat waarom de lijst niet kon worden gelezen en wie dat kan oplossen.",
        "This run says why the list could not be read and who can mend that.",
    ),
    Cause(
        "run.never_judged",
        Owner.NOBODY,
        "Nog niet beoordeeld: de lijst met {who} in WebUntis kon deze keer niet worden gelezen.",
        "Not judged yet: WebUntis' list of {who} could not be read this time.",
        "Bij deze synchronisatie staat waarom de lijst niet kon worden gelezen en wie dat kan oplossen.",
        "This run says why the list could not be read and who can mend that.",
    ),
    Cause(
        "run.log_of",
        Owner.NOBODY,
        "Er is niets gewijzigd. Hieronder staat het log van synchronisatie {run}, dat nog geldt.",
        "Nothing was changed. Below is the log of synchronisation {run}, which still holds.",
        "Niets te doen.",
        "Nothing to do.",
    ),
    Cause(
        "run.unknown",
        Owner.NOBODY,
        "Deze synchronisatie is er niet (meer).",
        "This run does not exist (any more).",
        "Logbestanden worden een beperkte tijd bewaard; kies een synchronisatie uit de lijst.",
        "Logs are kept for a limited time; choose a run from the list.",
    ),
    Cause(
        "run.none_yet",
        Owner.NOBODY,
        "Er heeft nog geen synchronisatie plaatsgevonden. De eerste volgt uiterlijk om {next}.",
        "No synchronisation has taken place yet. The first one follows at {next} at the latest.",
        "Wacht tot die tijd (maximaal 30 minuten).",
        "Wait until then (30 minutes at most).",
    ),
    Cause(
        "run.off",
        Owner.ADMIN,
        "De koppeling staat uit; er wordt niet gesynchroniseerd.",
        "The coupling is switched off; nothing is synchronised.",
        "Zet in de instellingen het vinkje Ingeschakeld aan.",
        "Tick Ingeschakeld (enabled) in the settings.",
    ),
    Cause(
        "run.set_aside",
        Owner.NOBODY,
        "Een beheerder heeft verworpen wat deze synchronisatie zou wijzigen; er is niets gewijzigd.",
        "An administrator discarded what this synchronisation would change; nothing was changed.",
        "U hoeft niets te doen. Toch doorvoeren? Keur de verworpen synchronisatie goed.",
        "You need not do anything. To apply it after all, approve the discarded run.",
    ),
    Cause(
        "run.none_while_paused",
        Owner.NOBODY,
        "Er heeft nog geen synchronisatie plaatsgevonden. De koppeling is gepauzeerd; de eerste volgt op {day} om "
        "{next}.",
        "No synchronisation has taken place yet. The coupling is paused; the first one follows on {day} at {next}.",
        "Wacht tot die tijd, of beëindig de pauze.",
        "Wait until then, or end the pause.",
    ),
    Cause(
        "run.nothing_held",
        Owner.ADMIN,
        "Deze synchronisatie wacht niet (meer) op goedkeuring.",
        "This run is not (or no longer) waiting for approval.",
        "Bekijk de laatste synchronisatie.",
        "Look at the last run.",
    ),
)

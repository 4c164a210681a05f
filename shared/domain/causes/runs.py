"""Causes about runs of automatic linking: why one waits, fails or has not happened yet."""

from shared.domain.causes.cause import Cause, Owner

RUNS: tuple[Cause, ...] = (
    Cause(
        "hold.list_empty",
        Owner.UNTIS_ADMIN,
        "WebUntis gaf een lege lijst ({role}); de vorige keer stonden er {before} personen in. Er is niets gewijzigd.",
        "WebUntis returned an empty list ({role}); last time it held {before} people. Nothing was changed.",
        "Controleer in WebUntis of de stamgegevens er nog zijn en of Profijt ze mag lezen. Klopt de lege lijst, "
        "keur de run dan goed.",
        "Check in WebUntis that the master data is still there and that Profijt may read it. If the empty list is "
        "right, approve the run.",
    ),
    Cause(
        "hold.list_shrunk",
        Owner.ADMIN,
        "De lijst van WebUntis ({role}) is veel korter dan de vorige keer: {now} in plaats van {before} personen. "
        "Er is niets gewijzigd.",
        "The WebUntis list ({role}) is much shorter than last time: {now} instead of {before} people. "
        "Nothing was changed.",
        "Kijk of dit klopt, bijvoorbeeld na een diploma-uitreiking of jaarovergang, en keur de run dan goed.",
        "See whether this is right, for instance after graduation or at the turn of the school year, and then approve "
        "the run.",
    ),
    Cause(
        "hold.links_lost",
        Owner.ADMIN,
        "Deze run zou {lost} van de {links} koppelingen ({role}) verbreken. Er is niets gewijzigd.",
        "This run would take away {lost} of {links} links ({role}). Nothing was changed.",
        "Bekijk in het log wie het betreft. Klopt het, keur de run dan goed.",
        "See in the log whom it concerns. If it is right, approve the run.",
    ),
    Cause(
        "run.busy",
        Owner.NOBODY,
        "Er loopt al een synchronisatie voor deze school.",
        "A synchronisation is already running for this school.",
        "Deze run volgt vanzelf zodra de andere klaar is.",
        "This run follows by itself when the other one is done.",
    ),
    Cause(
        "run.unknown",
        Owner.NOBODY,
        "Deze run is er niet (meer).",
        "This run does not exist (any more).",
        "Logbestanden worden een beperkte tijd bewaard; kies een run uit de lijst.",
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
        Owner.ADMIN,
        "Een beheerder heeft verworpen wat deze synchronisatie zou wijzigen; er is niets gewijzigd.",
        "An administrator discarded what this synchronisation would change; nothing was changed.",
        "U hoeft niets te doen. Toch doorvoeren? Keur de verworpen run goed.",
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
        "Deze run wacht niet (meer) op goedkeuring.",
        "This run is not (or no longer) waiting for approval.",
        "Bekijk de laatste run.",
        "Look at the last run.",
    ),
)

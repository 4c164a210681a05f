"""Causes about exporting grades to a school's SIS."""

from shared.domain.causes.cause import Cause, Owner

GRADE_EXPORT: tuple[Cause, ...] = (
    Cause(
        "partner.unreadable",
        Owner.SUPPORT,
        "De gegevens van een LIS-partner in {file} kloppen niet: {what}.",
        "The data of a SIS partner in {file} are wrong: {what}.",
        "Laat support (support@profijt.nu) dit bestand verbeteren.",
        "Have support (support@profijt.nu) correct this file.",
    ),
    Cause(
        "interest.no_sis",
        Owner.ADMIN,
        "Er staat niet om welk LIS het gaat.",
        "It does not say which SIS this is about.",
        "Vul de naam in van het LIS van uw school.",
        "Fill in the name of your school's SIS.",
    ),
)

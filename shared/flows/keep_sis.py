"""What an admin sets about a connected SIS and saves by itself: Docentenrechten, default category, expiry."""

from dataclasses import replace
from datetime import date

from shared.domain.sis import CategoryMissing, Sis
from shared.errors import Conflict, Fault, Invalid, NotAllowed
from shared.flows.audit import audited
from shared.flows.schools import read_school
from shared.flows.sis import open_sis, read_sis, sis_write
from shared.flows.survey_sis import school_categories
from shared.ports import App, Data
from shared.values import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """`default_category`: the id of a category at the SIS, "" for none; `expires`: when key and secret end."""

    teachers_export: bool
    default_category: str
    category_missing: CategoryMissing
    expires: date | None


def save_sis(app: App, school: str, settings: Settings, *, version: str, by: str) -> tuple[Sis, str]:
    """Save them if the connection still is at `version`; returns it with its new version.

    Raises NotFound "school.unknown", NotAllowed "sis.not_connected", Invalid "sis.category_unknown" with the field,
    Conflict when somebody else saved first, and what the SIS raises when a category has to be asked for.
    """
    read_school(app, school)
    before, found = read_sis(app, school)
    if before is None or not before.connected:
        raise NotAllowed("sis.not_connected")
    if found != version:
        raise Conflict("store.conflict")
    sis = replace(
        before,
        teachers_export=settings.teachers_export,
        default_category=settings.default_category,
        category_missing=settings.category_missing,
        expires=settings.expires,
    )
    if sis.default_category not in ("", before.default_category):
        sis = _with_categories(app, school, sis)
    old, new = told(before), told(sis)
    changed = [name for name in new if old[name] != new[name]]
    if not changed:
        return before, version
    event = audited(
        app,
        school,
        actor=by,
        action="sis.saved",
        before={name: old[name] for name in changed},
        after={name: new[name] for name in changed},
    )
    written, *_ = app.store.commit([sis_write(school, sis, version=version), event])
    return sis, written


def _with_categories(app: App, school: str, sis: Sis) -> Sis:
    """As it is when the SIS is known to have the category; else with the categories that the SIS has now."""
    if sis.default_category in {category.id for category in sis.capabilities.categories}:
        return sis
    _, gradebook = open_sis(app, school)
    sample = gradebook.any_class()
    now = school_categories(gradebook, sample) if sample else ()
    if sis.default_category not in {category.id for category in now}:
        fault = Fault("/defaultCategory", "sis.category_unknown")
        raise Invalid("sis.category_unknown", (fault,))
    return replace(sis, capabilities=replace(sis.capabilities, categories=now))


def told(sis: Sis) -> Data:
    """The settings in words, for the audit."""
    titles = {category.id: category.title for category in sis.capabilities.categories}
    return {
        "Exporteren van schoolwerk en cijfers inschakelen": sis.teachers_export,
        "Standaardcategorie": titles.get(sis.default_category, sis.default_category),
        "Ontbrekende categorie": sis.category_missing.value,
        "Verloopt": sis.expires.isoformat() if sis.expires else "",
    }

"""Every code the service can answer or log, each with who can mend it and a sentence in Dutch and English.

A code without both languages, a remedy and an owner cannot exist: `Cause` has no defaults, and a test fills in every
sentence. The tables live by subject beside this file; a new code is one more entry in one of them.
"""

from shared.domain.causes.cause import Cause, Language, Owner
from shared.domain.causes.class_links import CLASS_LINKS
from shared.domain.causes.classroom import CLASSROOM
from shared.domain.causes.coupling import COUPLING
from shared.domain.causes.coursework import COURSEWORK
from shared.domain.causes.diagnosis import DIAGNOSIS
from shared.domain.causes.export_plan import EXPORT_PLAN
from shared.domain.causes.exports import EXPORTS
from shared.domain.causes.grade_export import GRADE_EXPORT
from shared.domain.causes.jsonrpc import JSONRPC
from shared.domain.causes.linking import LINKING
from shared.domain.causes.notify import NOTIFY
from shared.domain.causes.oneroster import ONEROSTER
from shared.domain.causes.planner import PLANNER
from shared.domain.causes.platform import PLATFORM
from shared.domain.causes.privacy import PRIVACY
from shared.domain.causes.remote import REMOTE
from shared.domain.causes.requests import REQUESTS
from shared.domain.causes.review import REVIEW
from shared.domain.causes.runs import RUNS
from shared.domain.causes.settings import SETTINGS
from shared.domain.causes.sis import SIS
from shared.domain.causes.store import STORE
from shared.domain.causes.timetable import TIMETABLE
from shared.domain.causes.untold import UNTOLD
from shared.domain.causes.users import USERS
from shared.domain.causes.webhooks import WEBHOOKS

__all__ = ["CAUSES", "Cause", "Language", "Owner"]

CAUSES: dict[str, Cause] = {
    cause.code: cause
    for table in (
        REQUESTS,
        SETTINGS,
        USERS,
        REMOTE,
        RUNS,
        COUPLING,
        NOTIFY,
        LINKING,
        PLATFORM,
        STORE,
        WEBHOOKS,
        REVIEW,
        DIAGNOSIS,
        PRIVACY,
        JSONRPC,
        TIMETABLE,
        PLANNER,
        UNTOLD,
        ONEROSTER,
        CLASSROOM,
        GRADE_EXPORT,
        EXPORTS,
        EXPORT_PLAN,
        CLASS_LINKS,
        COURSEWORK,
        SIS,
    )
    for cause in table
}

"""Where a change of the coupling's condition is told, as an admin saves it; a webhook gets a secret to be known by."""

import re
import secrets
from dataclasses import replace

from shared.domain.school import Notify, School
from shared.errors import Conflict, Fault, Invalid
from shared.flows.audit import audited
from shared.flows.schools import read_school, school_write
from shared.ports import App, Data

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# One plain address: no display name, comment, quoted part, list or line break can hide in it.
_EMAIL = re.compile(
    rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]", re.I | re.A
)


def secret_name(school: str) -> str:
    """The name, among the secrets, of what the school's webhook messages are signed with."""
    return f"webhook-{school}"


def save_notify(
    app: App, school_id: str, *, webhook: str, email: str, new_secret: bool, by: str, version: str
) -> tuple[School, str]:
    """Save both addresses ("" for none) of the school as it was read at `version`; returns the webhook's secret when
    it is a new one, else "": an address that changes never inherits a secret.

    Raises NotFound, Invalid with the field, Conflict when somebody else saved first: the old secret then still holds.
    """
    school, _ = read_school(app, school_id)
    before, webhook, email = school.notify, webhook.strip(), email.strip()
    if webhook and webhook != before.webhook:
        app.webhook.check(webhook, pointer="/webhook")
    if email:
        if app.mail is None:
            raise Invalid("request.body_invalid", (Fault("/email", "notify.no_mail"),))
        if len(email) > 254 or not _EMAIL.fullmatch(email):
            raise Invalid("request.body_invalid", (Fault("/email", "notify.email_malformed"),))
    name, secret, kept = secret_name(school_id), "", before.secret_version if webhook else ""
    if webhook and (new_secret or webhook != before.webhook or not kept):
        secret = secrets.token_urlsafe(32)
        kept = app.secrets.add(name, secret)
    after = Notify(webhook, email, kept)
    event = audited(app, school_id, actor=by, action="notifications.saved", before=_told(before), after=_told(after))
    try:
        app.store.commit([school_write(replace(school, notify=after), version=version), event])
    except Conflict:
        if secret:
            app.secrets.disable(name, kept)
        raise
    if before.secret_version and before.secret_version != kept:
        app.secrets.disable(name, before.secret_version)
    return replace(school, notify=after), secret


def _told(notify: Notify) -> Data:
    """For the audit: of a webhook the host only, because the rest of such an address often is a secret."""
    host = notify.webhook.partition("//")[2].partition("/")[0].partition("?")[0]
    told = {"webhook": host, "email": notify.email, "geheim": "ingesteld" if notify.secret_version else ""}
    return {name: value for name, value in told.items() if value}

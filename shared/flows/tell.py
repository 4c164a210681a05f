"""Tells a school, by webhook or by mail, that its coupling came into another condition: once for each change.

The right to send is claimed before sending, under an id made of the condition, its beginning and the channel. A process
that dies between its claim and the note that it sent leaves a claim that runs out: the redelivery then sends, perhaps
for the second time. A notice twice is a nuisance, one lost is a school without timetables; and both copies carry one
id (`X-Profijt-Delivery`, Message-ID), so that the receiver can know the second for what it is.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from shared.domain.causes import CAUSES, Language
from shared.domain.causes.words import in_words
from shared.domain.school import School
from shared.domain.status import Condition
from shared.errors import Conflict, Invalid, Misconfigured, NotFound, RemoteError, Throttled, Unreachable
from shared.flows.keep_notify import secret_name
from shared.flows.schools import read_school
from shared.ports import ABSENT, App, Data, Message, Write
from shared.telling import Letter
from shared.values import dataclass

CLAIM = timedelta(minutes=2)  # longer than any sending takes
KEPT = timedelta(days=30)
_TONGUES: tuple[tuple[Language, str], ...] = (("nl", "Wat nu"), ("en", "What now"))
ATTEMPTS = 5  # deliveries of the queue; after the last one the failure is noted instead of becoming a dead letter

Told = str  # "sent", "before", "nobody", or the code of why it cannot be sent


@dataclass(frozen=True, slots=True)
class News:
    """The condition of a school's coupling, since when, and the problem behind it (a code of causes, its facts)."""

    school: str
    state: Condition
    since: datetime
    code: str
    facts: Mapping[str, str | int]
    channel: str

    @property
    def id(self) -> str:
        """The same for the same change on the same channel, however often it is told."""
        return f"{self.since.astimezone(UTC):%Y%m%dT%H%M%S%f}-{self.state.replace('_', '-')}-{self.channel}"


def news_of(message: Message) -> News:
    """What the message tells. Raises Invalid "push.unreadable"."""
    try:
        body: dict[str, object] = dict(message.body)
        body["facts"] = msgspec.json.decode(message.body.get("facts", "{}"))
        news = msgspec.convert(body, News, strict=False)
    except (msgspec.MsgspecError, UnicodeError) as err:
        raise Invalid("push.unreadable") from err
    if news.channel not in ("webhook", "email") or news.code not in CAUSES or news.since.tzinfo is None:
        raise Invalid("push.unreadable")
    return news


def tell(app: App, message: Message) -> Told:
    """Send the news to the school's address, unless that was done before. May be repeated.

    Raises Unreachable or Throttled: deliver again later; Conflict while another delivery is sending it; Invalid.
    """
    news = news_of(message)
    try:
        school, _ = read_school(app, news.school)
    except NotFound:
        return "nobody"
    address: str = getattr(school.notify, news.channel)
    if not address:
        return "nobody"
    path = f"schools/{school.id}/notices/{news.id}"
    claim = _claim(app, path, news)
    if claim is None:
        return "before"
    data, version = claim
    try:
        _send(app, school, news, address)
    except (Unreachable, Throttled) as err:
        if message.attempt < ATTEMPTS:
            app.store.commit([Write(path, None, expect=version)])
            raise
        code = err.code
    except (RemoteError, Misconfigured, NotFound, Invalid) as err:
        code = err.code
    else:
        code = ""
    app.store.commit([Write(path, data | {"done": True, "code": code, "at": app.now()}, expect=version)])
    return code or "sent"


def _claim(app: App, path: str, news: News) -> tuple[Data, str] | None:
    """The claim and its version; None when this was told before. Raises Conflict while somebody else is telling it."""
    now = app.now()
    data: Data = {"state": news.state.value, "since": news.since, "channel": news.channel, "done": False, "code": ""}
    data |= {"at": now, "until": now + CLAIM, "expire_at": now + KEPT}
    before = app.store.get(path)
    if before and before.data["done"]:
        return None
    if before and before.data["until"] > now:
        raise Conflict("notify.busy")
    [version] = app.store.commit([Write(path, data, expect=before.version if before else ABSENT)])
    return data, version


def _send(app: App, school: School, news: News, address: str) -> None:
    if news.channel == "email":
        if app.mail is None:
            raise Misconfigured("notify.no_mail")
        app.mail.send(letter(news, school, to=address))
        return
    body = msgspec.json.encode(payload(news, school))
    secret = app.secrets.read(secret_name(school.id), school.notify.secret_version)
    at = int(app.now().timestamp())
    headers = {"X-Profijt-Delivery": news.id, "X-Profijt-Signature": signature(secret, body, at=at)}
    app.webhook.post(address, body, headers)


def signature(secret: str, body: bytes, *, at: int) -> str:
    """`t=1795420800,v1=…`: the hex HMAC-SHA256, by the webhook's secret, of the time, a full stop and the raw body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def payload(news: News, school: School) -> dict[str, object]:
    """What a webhook gets: no names of people, in both languages."""
    return {
        "id": news.id,
        "type": "coupling.state",
        "school": school.id,
        "state": news.state.value,
        "since": news.since,
        "code": news.code,
        "owner": CAUSES[news.code].owner.value,
        "message": {language: " ".join(_sentences(news, school, language)) for language, _ in _TONGUES},
        "remedy": {language: _remedy(news, school, language) for language, _ in _TONGUES},
    }


def letter(news: News, school: School, *, to: str) -> Letter:
    """The same as a mail, Dutch first."""
    subject = f"[{school.id}] {_sentences(news, school, 'nl')[0]}"
    parts = [
        "\n".join([*_sentences(news, school, language), f"{word}: {_remedy(news, school, language)}"])
        for language, word in _TONGUES
    ]
    return Letter(f"{school.id}-{news.id}", to, subject, "\n\n".join(parts) + "\n")


def _sentences(news: News, school: School, language: Language) -> list[str]:
    """The condition, and the problem behind it when there is one."""
    state = f"coupling.{news.state}"
    told = [CAUSES[state].sentence(language, _facts(school, language))]
    if news.code != state:
        told.append(CAUSES[news.code].sentence(language, in_words(news.facts, language)))
    return told


def _remedy(news: News, school: School, language: Language) -> str:
    return CAUSES[news.code].remedy(language, _facts(school, language) | in_words(news.facts, language))


def _facts(school: School, language: Language) -> dict[str, str | int]:
    if school.pause is None:
        return {}
    return {"last": f"{school.pause.last:%d-%m-%Y}" if language == "nl" else school.pause.last.isoformat()}

"""How a coupling is doing, from every side: each condition, each way from one to another, and never a false alarm."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.causes import CAUSES, Owner
from shared.domain.run import Problem
from shared.domain.school import Pause, School, WebUntisSettings, Withdrawn
from shared.domain.status import Condition, Known, Status, Watch, assess, follow, is_actionable

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FULL = WebUntisSettings(enabled=True, school_name="tom", subdomain="tom", password_version="2")
ON = School("tom", "De Tom", unlocked=True, webuntis=FULL)
REFUSED = Problem("webuntis.login_refused")
HOLD = Problem("hold.links_lost", {"role": "student", "lost": 40, "links": 100})


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def going(good: datetime | None, *, expected: datetime | None = None, **more: object) -> Known:
    """Runs as they come by the clock since yesterday, the last good one at `good`."""
    return replace(Known(Watch(Condition.ON_TIME, ago(days=1), expected or ago(days=1)), good), **more)


PAUSED = replace(ON, pause=Pause(date(2026, 11, 20), date(2026, 11, 23)))
OFF = replace(ON, webuntis=replace(FULL, enabled=False))

CASES: dict[str, tuple[School, Known, Condition, Owner]] = {
    "a school nobody has touched, still locked": (
        School("new", "Nieuw"),
        Known(),
        Condition.NOT_SET_UP,
        Owner.SUPPORT,
    ),
    "unlocked, half filled in": (
        replace(ON, webuntis=WebUntisSettings(school_name="tom")),
        Known(),
        Condition.NOT_SET_UP,
        Owner.ADMIN,
    ),
    "switched off by its admin": (OFF, going(ago(minutes=5)), Condition.OFF, Owner.ADMIN),
    "off though its password was refused": (OFF, going(None, trouble=REFUSED), Condition.OFF, Owner.ADMIN),
    "just switched on, no tick has seen it": (ON, Known(), Condition.WAITING, Owner.NOBODY),
    "on since twenty minutes, no run yet": (
        ON,
        Known(Watch(Condition.WAITING, ago(minutes=20), ago(minutes=20))),
        Condition.WAITING,
        Owner.NOBODY,
    ),
    "on since fifty minutes, and no run came": (
        ON,
        Known(Watch(Condition.WAITING, ago(minutes=50), ago(minutes=50))),
        Condition.LATE,
        Owner.NOBODY,
    ),
    "a good run half an hour ago": (ON, going(ago(minutes=30)), Condition.ON_TIME, Owner.NOBODY),
    "45 minutes to the second": (ON, going(ago(minutes=45)), Condition.ON_TIME, Owner.NOBODY),
    "a second more": (ON, going(ago(minutes=45, seconds=1)), Condition.LATE, Owner.NOBODY),
    "65 minutes to the second": (ON, going(ago(minutes=65)), Condition.LATE, Owner.NOBODY),
    "a second more than that": (ON, going(ago(minutes=65, seconds=1)), Condition.ERROR, Owner.SUPPORT),
    "late, for a reason of ours": (
        ON,
        going(ago(minutes=50), last=Problem("webuntis.wrong_tenant")),
        Condition.LATE,
        Owner.SUPPORT,
    ),
    "held since a minute": (ON, going(ago(minutes=30), held=(HOLD,)), Condition.HELD, Owner.ADMIN),
    "held since a week": (ON, going(ago(days=7), held=(HOLD,)), Condition.HELD, Owner.ADMIN),
    "password refused": (ON, going(ago(minutes=1), trouble=REFUSED), Condition.ACTION_NEEDED, Owner.UNTIS_ADMIN),
    "refused and held: first the password": (
        ON,
        going(ago(minutes=1), trouble=REFUSED, held=(HOLD,)),
        Condition.ACTION_NEEDED,
        Owner.UNTIS_ADMIN,
    ),
    "the stored password is gone": (
        ON,
        going(ago(minutes=1), trouble=Problem("secret.not_found")),
        Condition.ACTION_NEEDED,
        Owner.ADMIN,
    ),
    "on, and a field was emptied": (
        replace(ON, webuntis=replace(FULL, subdomain="")),
        going(ago(minutes=1)),
        Condition.ACTION_NEEDED,
        Owner.ADMIN,
    ),
    "access ended by WebUntis": (
        replace(ON, withdrawn=Withdrawn("deactivated", "2", ago(days=1))),
        going(ago(days=1)),
        Condition.ACTION_NEEDED,
        Owner.UNTIS_ADMIN,
    ),
    "paused, with an old good run": (PAUSED, going(ago(days=3)), Condition.PAUSED, Owner.NOBODY),
    "paused, and held before": (PAUSED, going(ago(days=3), held=(HOLD,)), Condition.PAUSED, Owner.NOBODY),
    "the first minute after the pause": (
        replace(ON, pause=Pause(date(2026, 7, 1), date(2026, 11, 22))),
        Known(Watch(Condition.PAUSED, ago(days=100)), ago(days=101)),
        Condition.WAITING,
        Owner.NOBODY,
    ),
    "after a pause in which a person ran it once": (
        replace(ON, pause=Pause(date(2026, 7, 1), date(2026, 11, 22))),
        Known(Watch(Condition.PAUSED, ago(days=100)), ago(days=20)),
        Condition.WAITING,
        Owner.NOBODY,
    ),
    "on again after a week off": (
        ON,
        Known(Watch(Condition.OFF, ago(days=7)), ago(days=7)),
        Condition.WAITING,
        Owner.NOBODY,
    ),
    "a new password after days of refusal": (
        ON,
        Known(Watch(Condition.ACTION_NEEDED, ago(days=3)), ago(days=3)),
        Condition.WAITING,
        Owner.NOBODY,
    ),
    "a held run that resolved itself just now": (
        ON,
        Known(Watch(Condition.HELD, ago(minutes=30)), ago(seconds=5)),
        Condition.ON_TIME,
        Owner.NOBODY,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_situation_has_one_condition_and_one_owner(case: str) -> None:
    school, known, condition, owner = CASES[case]
    status = assess(school, known, NOW)
    assert (status.condition, status.owner) == (condition, owner)


@pytest.mark.parametrize("condition", Condition)
def test_every_condition_has_its_sentence_and_a_next_step(condition: Condition) -> None:
    status = Status(condition)
    code, facts = status.remedy
    for language in ("nl", "en"):
        assert CAUSES[status.code].sentence(language, {"last": "1"})
        assert CAUSES[code].remedy(language, facts)


def test_the_pause_follows_the_days_of_the_school_and_not_those_of_utc() -> None:
    school = replace(ON, pause=Pause(date(2026, 11, 24), date(2026, 11, 24)))
    hours = {hour: datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour) for hour in (22.9, 23, 46.9, 47)}
    paused = [assess(school, Known(), at).condition is Condition.PAUSED for at in hours.values()]
    assert paused == [False, True, True, False]


def test_one_bad_answer_of_webuntis_is_no_news_and_needs_nobody() -> None:
    assert not is_actionable(Problem("http.server_error"))
    assert not is_actionable(Problem("webuntis.no_list"))  # ours to mend: told by lateness
    assert is_actionable(Problem("webuntis.right_missing"))


def test_a_day_from_switching_on_to_a_new_password() -> None:
    """Each step is one look: what is known, and the condition that is noted after it."""
    watch, good, minute = Watch(), None, 0
    steps: list[tuple[int, School, dict[str, object], Condition]] = [
        (0, OFF, {}, Condition.OFF),
        (30, ON, {}, Condition.WAITING),
        (31, ON, {"good": True}, Condition.ON_TIME),
        (61, ON, {"good": True}, Condition.ON_TIME),
        (110, ON, {}, Condition.LATE),
        (130, ON, {}, Condition.ERROR),
        (131, ON, {"good": True}, Condition.ON_TIME),
        (160, ON, {"trouble": REFUSED}, Condition.ACTION_NEEDED),
        (600, ON, {"trouble": REFUSED}, Condition.ACTION_NEEDED),
        (601, ON, {}, Condition.WAITING),
        (630, ON, {"held": (HOLD,)}, Condition.HELD),
        (660, ON, {"good": True}, Condition.ON_TIME),
        (661, replace(ON, pause=Pause(NOW.date(), NOW.date())), {}, Condition.PAUSED),
    ]
    for minute, school, seen, expected in steps:
        now = NOW + timedelta(minutes=minute)
        good = now if seen.pop("good", False) else good
        status = assess(school, Known(watch, good, **seen), now)  # type: ignore[arg-type]
        after = follow(watch, status, now)
        assert (minute, after.condition) == (minute, expected)
        assert after.since == (now if expected is not watch.condition else watch.since)
        watch = after


MOMENTS = st.integers(0, 200).map(lambda minutes: ago(minutes=minutes))


@given(MOMENTS, MOMENTS, st.integers(0, 120))
def test_waiting_never_makes_it_better(good: datetime, expected: datetime, minutes: int) -> None:
    rank = [Condition.ON_TIME, Condition.WAITING, Condition.LATE, Condition.ERROR]
    known = going(good, expected=expected)
    now, later = (assess(ON, known, NOW + timedelta(minutes=each)).condition for each in (0, minutes))
    assert rank.index(later) >= rank.index(now)


@given(MOMENTS)
def test_looking_twice_notes_nothing_new(good: datetime) -> None:
    known = Known(Watch(), good)
    first = follow(known.watch, assess(ON, known, NOW), NOW)
    again = replace(known, watch=first)
    assert follow(first, assess(ON, again, NOW), NOW) == first

"""A small believable school for the JSON-RPC simulator: some 200 lessons a week, the same every week, odd ones among
them in every way the field reports tell. Years run from 2020 to 2036 with a gap each summer. Nothing is by chance."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from shared.simulators.jsonrpc_school import CLASS, ROOM, STUDENT, SUBJECT, TEACHER, Lists, Name, Period, Year

_SUBJECTS = (
    ("NE", "Nederlands"), ("EN", "Engels"), ("WI", "Wiskunde"), ("GS", "Geschiedenis"), ("AK", "Aardrijkskunde"),
    ("BI", "Biologie"), ("NA", "Natuurkunde"), ("SK", "Scheikunde"), ("MU", "Muziek"), ("LO", "Lichamelijke opvoeding"),
    ("FA", "Frans"), ("DU", "Duits"),
)  # fmt: skip
_TEACHERS = (  # teacher n gives subject n, the last two step in
    ("VRI", "Ingrid", "de Vries"), ("BAK", "Jan", "Bakker"), ("YIL", "Ömer", "Yılmaz"), ("JAN", "Petra", "Jansen"),
    ("IDR", "Fatima", "El Idrissi"), ("VEL", "IJsbrand", "in 't Veld"), ("SMI", "Sophie", "Smit"),
    ("BER", "Zoë", "van den Berg"), ("MUL", "Karel", "Mulder"), ("POS", "Anouk", "Post"), ("DUB", "Claire", "Dubois"),
    ("BAU", "Dieter", "Bauer"), ("HOF", "Wim", "Hofman"), ("KOK", "Els", "Kok"),
)  # fmt: skip
_CLASSES = ("1A", "1B", "2A", "2B", "3H", "3V")
_ROOMS = ("101", "102", "103", "104", "201", "202", "gym", "aula")
_FIRST_NAMES = ("Benjamin", "Noor", "Yusuf", "Emma", "Sem", "Aisha", "Daan", "Lotte")
_SURNAMES = ("Visser", "Meijer", "Kaya", "Peters", "Dekker", "Amrani")
_HOURS = ((830, 920), (920, 1010), (1030, 1120), (1120, 1210), (1240, 1330), (1330, 1420), (1435, 1525))
_GYM, _AULA = 7, 8
_STAND_IN, _KEYLESS = 13, 14  # the last teacher has no ID-nummer


def _years() -> Iterator[Year]:
    for year in range(2020, 2036):
        yield Year(year - 2010, date.fromisocalendar(year, 34, 1), date.fromisocalendar(year + 1, 27, 5))


def _holidays() -> Iterator[tuple[str, date, date]]:
    for year in range(2020, 2036):
        for name, week, days in (("Herfstvakantie", 43, 7), ("Kerstvakantie", 52, 14)):
            first = date.fromisocalendar(year, week, 1)
            yield name, first, first + timedelta(days=days - 1)


def students_of(number: int) -> range:
    """Students of one class; every seventh of all has no ID-nummer."""
    return range(number * 10 - 9, number * 10 - 1)


def practice_lists() -> Lists:
    students = {
        n: Name(f"{surname}{first[:3]}", surname, first, f"0{n:02}" if n % 7 else "")
        for place, surname in enumerate(_SURNAMES, start=1)
        for n, first in zip(students_of(place), _FIRST_NAMES, strict=True)
    }
    teachers = {
        n: Name(short, last, first, f"D{n:03}" if n != _KEYLESS else "")
        for n, (short, first, last) in enumerate(_TEACHERS, start=1)
    }
    elements = {
        CLASS: {n: Name(name, f"Klas {name}", key=name) for n, name in enumerate(_CLASSES, start=1)},
        TEACHER: teachers,
        SUBJECT: {n: Name(*names) for n, names in enumerate(_SUBJECTS, start=1)},
        ROOM: {n: Name(name, f"Lokaal {name}") for n, name in enumerate(_ROOMS, start=1)},
        STUDENT: students,
    }
    years, holidays = tuple(_years()), tuple(_holidays())

    def planned(first: date, last: date) -> Iterator[Period]:
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            school = any(year.first <= day <= year.last for year in years)
            if school and day.isoweekday() <= 5 and not any(a <= day <= b for _, a, b in holidays):
                yield from school_day(day)

    return Lists(years, holidays, _HOURS, elements, planned)


@cache
def school_day(day: date) -> tuple[Period, ...]:
    """The periods of a weekday, changes of every week among them."""
    found: list[Period] = []
    weekday = day.isoweekday()

    def add(**fields: Any) -> None:
        found.append(Period(id=day.toordinal() * 100 + len(found) + 1, day=day, **fields))

    for hour, (start, end) in enumerate(_HOURS, start=1):
        for place in range(1, len(_CLASSES) + 1):
            if (weekday, hour) == (5, 7):
                continue  # Friday afternoon
            if (weekday, hour) == (2, 5) and place in (5, 6):
                continue  # the two groups below
            subject = (place * 2 + hour + 3 * weekday) % 12 + 1
            lesson: dict[str, Any] = {
                "classes": (place,),
                "teachers": ((subject, 0),),
                "subjects": ((subject, 0),),
                "rooms": ((_GYM if subject == 10 else place, 0),),
                "students": frozenset(students_of(place)),
                "number": (place * 20 + subject) * 100,
            }
            add(start=start, end=end, **lesson | _oddity(weekday, hour, place, subject))
    if weekday == 2:  # parallel courses: same hour, same classes, other students
        both = [*students_of(5), *students_of(6)]
        for part, subject in enumerate((11, 12)):
            add(start=1240, end=1330, classes=(5, 6), teachers=((subject, 0),), subjects=((subject, 0),),
                rooms=((5 + part, 0),), students=frozenset(both[part::2]), number=20_000 + part,
                group=f"{_SUBJECTS[subject - 1][0]}_3_1")  # fmt: skip
    if weekday == 4:  # a whole day without subject or teacher
        add(start=0, end=2400, classes=(1, 2), rooms=((_AULA, 0),), activity="Veranstaltung", text="Projectdag",
            students=frozenset([*students_of(1), *students_of(2)]))  # fmt: skip
    if weekday == 5:  # no class, no room
        add(start=830, end=920, teachers=((_STAND_IN, 0),), lstype="sb")
    return tuple(found)


def _oddity(weekday: int, hour: int, place: int, subject: int) -> dict[str, Any]:
    """What is out of the ordinary in this hour of this class."""
    match weekday, hour, place:
        case 1, 2, 1:
            return {"code": "cancelled"}
        case 1, 3, 2:
            return {"teachers": ((_STAND_IN, subject),)}  # told by orgid alone, without a code
        case 2, 1, 3:
            return {"rooms": ((_AULA, 3),)}
        case 2, 4, 4:
            return {"teachers": (), "text": "Vtr. ohne Lehrer"}
        case 3, 6, 3:
            return {"code": "irregular"}
        case 4, 3, 5:
            return {"teachers": ((0, subject),), "code": "irregular"}  # fell out, nobody instead
        case 5, 2, 6:
            return {"lstype": "ex"}
        case 5, 4, 6:
            return {"teachers": ((subject, 0), (_KEYLESS, 0)), "subjects": ()}
    return {}

"""Who of a course is who of a class at the SIS: a pair only where the evidence fits one student on both sides.

The promise is that no pair is wrong. The answer does not depend on the order of the rosters, and a teacher's word wins.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from shared.domain.class_link import Pair, PairState
from shared.domain.coursework import CourseStudent
from shared.domain.gradebook import SisStudent
from shared.domain.matching import assign
from shared.domain.people import Decision, Person, Role, State, User
from shared.values import dataclass

EMAIL, NUMBER, NAMES, BY_HAND = "email", "number", "names", "by_hand"  # the rules; the first that fits is told
NEVER = "pair.never"  # a teacher said so


def pair(
    students: Sequence[CourseStudent], at_sis: Sequence[SisStudent], by_hand: Iterable[tuple[str, str]] = ()
) -> tuple[Pair, ...]:
    """One pair for each of `students`, in their order; no student of the SIS is in two.

    Both rosters must be whole: whoever is left out makes a namesake look unique. `by_hand` as in `ClassLink`.
    An e-mail address (in any case) and a number (as text) count where exactly one student on each side has it, names
    where automatic linking links them. Evidence for two students is a conflict; so are two students for one, and
    evidence that the rest contradicts.
    """
    roster, others = {each.id: each for each in students}, {each.id: each for each in at_sis}
    evidence = _Evidence.of(roster, others)
    chosen = dict(by_hand)
    claims = {who: {whom} - {""} for who, whom in chosen.items() if who in roster}
    claims |= {who: set(evidence.found(who).values()) for who in roster if who not in chosen}
    times = Counter(whom for each in claims.values() for whom in each)
    taken = {whom for who in chosen for whom in claims.get(who, ())}

    def judged(student: CourseStudent) -> Pair:
        mine = claims[student.id]
        if student.id in chosen:
            if not mine:
                return Pair(student, PairState.NOT_FOUND, cause=NEVER)
            if not mine <= others.keys():
                return Pair(student, PairState.NOT_FOUND, cause="pair.chosen_gone")
            mine_alone = sum(chosen[who] in mine for who in claims if who in chosen) == 1
        else:
            if not mine:
                state, cause = evidence.lacking(student.id)
                return Pair(student, state, cause=cause)
            if len(mine) > 1:
                return Pair(student, PairState.CONFLICT, cause="pair.contradiction")
            if mine & taken:
                return Pair(student, PairState.CONFLICT, cause="pair.taken")
            mine_alone = all(times[whom] == 1 for whom in mine)
        if not mine_alone:
            return Pair(student, PairState.CONFLICT, cause="pair.two_students")
        [whom] = mine
        rule = BY_HAND if student.id in chosen else next(iter(evidence.found(student.id)))
        if rule == NUMBER and student.id in evidence.strange:
            return Pair(student, PairState.CONFLICT, cause="pair.differs")
        return Pair(student, PairState.PAIRED, others[whom], rule)

    return tuple(map(judged, roster.values()))


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """A value that students may have on both sides, by their ids; "" says nothing."""

    ours: Mapping[str, str]
    theirs: Mapping[str, str]

    def equal(self) -> dict[str, str]:
        """Who is whom, where exactly one student on each side has the value."""
        ours, theirs = _owners(self.ours), _owners(self.theirs)
        return {who: theirs[value] for value, who in ours.items() if value in theirs}

    def shared(self, who: str) -> bool:
        """Whether somebody at the SIS has this student's value."""
        return bool(self.ours[who]) and self.ours[who] in self.theirs.values()

    def differs(self, who: str, whom: str) -> bool:
        """Whether both have a value, and not the same."""
        mine, theirs = self.ours[who], self.theirs[whom]
        return bool(mine and theirs) and mine != theirs

    def clash(self, who: str, whom: str) -> bool:
        """Whether both have an address at one mail server, and not the same: two people."""
        mine, theirs = self.ours[who], self.theirs[whom]
        return self.differs(who, whom) and mine.rpartition("@")[2] == theirs.rpartition("@")[2]

    def votes(self, pairs: Mapping[str, str]) -> dict[str, int]:
        """What each of these pairs says of the field: 1 where the values are equal, -1 where they differ."""
        told = {who: self.ours[who] and self.theirs[whom] for who, whom in pairs.items()}
        return {who: -1 if self.differs(who, pairs[who]) else 1 for who, both in told.items() if both}


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is known of everybody: by each rule, the strongest first, student → SIS student; and of whom nothing tells,
    why not: `several` share a value with others, `doubtful` are those whose names fit but not the address or number;
    `strange` are those whose number fits somebody of another name; `names` is what automatic linking says."""

    by_rule: Mapping[str, Mapping[str, str]]
    several: frozenset[str]
    doubtful: frozenset[str]
    strange: frozenset[str]
    names: Mapping[str, State]

    @classmethod
    def of(cls, roster: Mapping[str, CourseStudent], others: Mapping[str, SisStudent]) -> "_Evidence":
        email = _Field(
            {who: each.email.strip().casefold() for who, each in roster.items()},
            {who: each.email.strip().casefold() for who, each in others.items()},
        )
        number = _Field(
            {who: each.number for who, each in roster.items()}, {who: each.identifier for who, each in others.items()}
        )
        decisions = {each.user: each for each in _decisions(roster.values(), others.values())}
        named = {who: each.person for who, each in decisions.items() if each.state is State.LINKED}
        votes = {EMAIL: email.votes(named), NUMBER: number.votes(named)}
        # Two systems that number their students each in its own way agree by accident: the names of others tell.
        numbered = {who for who in roster if sum(votes[NUMBER].values()) >= votes[NUMBER].get(who, 0)}
        by_number = {who: whom for who, whom in number.equal().items() if who in numbered}

        doubtful = {who for cast in votes.values() if sum(cast.values()) > 0 for who, vote in cast.items() if vote < 0}
        doubtful |= {
            who
            for who, whom in named.items()
            if email.clash(who, whom) or (email.differs(who, whom) and number.differs(who, whom))
        }
        strange = {
            who
            for who, whom in by_number.items()
            if (email.clash(who, whom) or (_named(roster[who]) and _named(others[whom])))
            and not _resemble(roster[who], others[whom])
        }
        if sum(votes[NUMBER].values()) > 0:  # both have the school's own numbers
            strange.clear()
        return cls(
            {
                EMAIL: email.equal(),
                NUMBER: by_number,
                NAMES: {who: whom for who, whom in named.items() if who not in doubtful},
            },
            frozenset(who for who in roster if email.shared(who) or (who in numbered and number.shared(who))),
            frozenset(doubtful),
            frozenset(strange),
            {who: each.state for who, each in decisions.items()},
        )

    def found(self, who: str) -> dict[str, str]:
        """Who this student is at the SIS, by each rule that tells; the strongest first."""
        return {rule: pairs[who] for rule, pairs in self.by_rule.items() if who in pairs}

    def lacking(self, who: str) -> tuple[PairState, str]:
        """Why nothing tells who this student is."""
        if who in self.several:
            return PairState.CONFLICT, "pair.several"
        if who in self.doubtful:
            return PairState.CONFLICT, "pair.differs"
        if self.names[who] is State.CONFLICT:
            return PairState.CONFLICT, "pair.namesakes"
        return PairState.NOT_FOUND, "pair.resembles" if self.names[who] is State.REVIEW else "pair.not_found"


def _owners(values: Mapping[str, str]) -> dict[str, str]:
    """Whose each value is that exactly one has."""
    times = Counter(values.values())
    return {value: who for who, value in values.items() if value and times[value] == 1}


def _named(someone: CourseStudent | SisStudent) -> bool:
    return bool(someone.first_name.strip() or someone.last_name.strip())


def _resemble(student: CourseStudent, at_sis: SisStudent) -> bool:
    [decision] = _decisions([student], [at_sis])
    return decision.state is not State.NOT_FOUND


def _decisions(students: Iterable[CourseStudent], at_sis: Iterable[SisStudent]) -> tuple[Decision, ...]:
    """What automatic linking says of the names alone."""
    users = [User(each.id, Role.STUDENT, each.first_name, each.last_name) for each in students]
    persons = [Person(each.id, Role.STUDENT, each.id, each.first_name, each.last_name) for each in at_sis]
    return assign(users, persons, ())

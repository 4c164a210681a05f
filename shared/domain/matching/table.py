"""The decisions of one run for one role while they are being made; a person is given away once, a user decided once."""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from shared.domain.matching.closeness import weak_rules
from shared.domain.matching.names import BY_ITSELF, read, same, text_of
from shared.domain.matching.roll import Namesakes, Roll
from shared.domain.matching.second_field import Proven
from shared.domain.matching.standing import FORBIDDEN, REFUSED_BY_HAND, Memory
from shared.domain.matching.unguarded import unguarded
from shared.domain.people import Candidate, Compared, Decision, Person, Role, State, User

# Refusals that mending the data lifts by itself; all others are conflicts.
_WAS_HELD = "link.was_linked_elsewhere"
MENDABLE = frozenset({"link.no_id_number", "link.duplicate_id_number", "link.never", "link.taken_by_hand"})


class Table:
    """Positions as in `roll`. `refused` holds users that may not be linked: the cause and the persons it is about."""

    def __init__(self, roll: Roll, memory: Memory, fields: Sequence[Proven]) -> None:
        self.roll = roll
        self.memory = memory
        self.fields = fields
        self.decided: dict[int, Decision] = {}
        self.refused: dict[int, tuple[str, tuple[int, ...]]] = {}
        self.taken: set[int] = set()

    def link_same_letters(self) -> None:
        """Link the pairs that nobody else could be; refuse who share a name, unless a proven field tells them apart."""
        roll = self.roll
        for user, (person, rule) in roll.pairs.items():
            if rule in BY_ITSELF and user not in self.decided and user not in self.refused:
                cause = self.objection(user, person)
                if cause:
                    self.refused[user] = cause, (person,)
                else:
                    self.link(user, person, rule, f"link.{rule}")
        for user, together in roll.namesakes_of_user.items():
            if together.persons and user not in self.decided and user not in self.refused:
                self._tell_namesakes_apart(user, together)

    def _tell_namesakes_apart(self, user: int, together: Namesakes) -> None:
        name = self.roll.user_name(user)
        users = [other for other in together.users if same(name, self.roll.user_name(other))]
        persons = {other for other in together.persons if same(name, self.roll.person_name(other)) in BY_ITSELF}
        for field in self.fields:
            # The field must explain all of this name: somebody left over may be the one whose value is wrong.
            partners = {field.partner(other) for other in users} if field.confirms else set()
            if partners == persons and len(partners) == len(users):
                person = field.partner(user)
                if person in persons and not self.objection(user, person):
                    self.link(user, person, field.field.name, f"link.confirmed_by_{field.field.name}")
                    return
        many = "link.ambiguous_persons" if len(together.persons) > 1 else "link.ambiguous_users"
        self.refused[user] = many, together.persons

    def objection(self, user: int, person: int) -> str:
        """Why this pair may not be linked whatever its names say; "" when nothing is against it."""
        roll, memory = self.roll, self.memory
        somebody = roll.persons[person]
        key = somebody.key
        if roll.keys.get(key) != person:
            return "link.duplicate_id_number" if key.strip() else "link.no_id_number"
        if not memory.of_user and not self.fields:
            return "link.held_by_other" if person in self.taken else ""  # a first run: nothing else can be against it
        someone = roll.users[user]
        old = memory.of_user.get(someone.id)
        if old and old.rules_out(somebody):
            return "link.never"
        if memory.by_hand and any(holder != someone.id for holder in memory.by_hand.get(key, ())):
            return "link.taken_by_hand"
        if person in self.taken:
            return "link.held_by_other"
        letters, letters2 = roll.user_letters[user], roll.person_letters[person]
        if memory.held and any(
            not held.person_name or held.person == somebody.id or read(held.person_name).letters == letters2
            for held in memory.held.get(key, ())
        ):
            return _WAS_HELD
        if letters in memory.refused or letters2 in memory.refused:
            # Whose leaver it was is known for as long as that leaver is told; why it was refused stays.
            if old and old.cause in (_WAS_HELD, REFUSED_BY_HAND):
                return old.cause
            return "link.was_refused" if memory.by_person.isdisjoint((letters, letters2)) else REFUSED_BY_HAND
        if not self.fields and not old:
            return ""
        verdicts = [field.says(user, person) for field in self.fields]
        if "different" in verdicts:
            return f"link.{self.fields[verdicts.index('different')].field.name}_differs"
        if old and old.state is State.CONFLICT and old.cause in FORBIDDEN and "equal" not in verdicts:
            # What contradicted is gone; that nothing contradicts any more is no evidence.
            return old.cause if old.user_name == roll.user_name(user).text else ""
        return ""

    def link(self, user: int, person: int, rule: str, cause: str, facts: tuple[tuple[str, str], ...] = ()) -> None:
        roll = self.roll
        someone, somebody = roll.users[user], roll.persons[person]
        old = self.memory.of_user.get(someone.id)
        self.taken.add(person)
        compared = self.compared(user, person, "equal" if rule in BY_ITSELF else None)
        mine, theirs = text_of(roll.user_parts[user]), text_of(roll.person_parts[person])
        never = old.never if old else ()
        # In the order of the fields: their names would double the time.
        self.decided[user] = _decision(
            someone.id, roll.role, State.LINKED, cause, somebody.key, somebody.id, rule, "auto", facts, compared, (),
            mine, theirs, never,
        )  # fmt: skip

    def compared(self, user: int, person: int, names: str | None = None) -> tuple[Compared, ...]:
        """The comparisons to show for this pair; `names` is the verdict on the names when it is known."""
        someone, somebody = self.roll.users[user], self.roll.persons[person]
        if names is None:
            name, name2 = self.roll.user_name(user), self.roll.person_name(person)
            equal = name.letters == name2.letters and same(name, name2)
            names = "equal" if equal else "different" if weak_rules(name, name2) is None else "close"
        first = _compared("name", shown_user(someone), shown_person(somebody), names)  # type: ignore[arg-type]
        if not self.fields:
            return (first,)
        return first, *(
            _compared(field.field.name, field.of_users[user], field.of_persons[person], field.says(user, person))
            for field in self.fields
        )

    def shows(self, compared: Sequence[Compared], user: int, person: int) -> bool:
        """Whether `compared` is about the values of this pair as they are now."""
        if len(compared) != 1 + len(self.fields):
            return False
        names = compared[0]
        if names.user != shown_user(self.roll.users[user]) or names.person != shown_person(self.roll.persons[person]):
            return False
        return all(
            (row.field, row.user, row.person) == (field.field.name, field.of_users[user], field.of_persons[person])
            and row.verdict == field.says(user, person)
            for row, field in zip(compared[1:], self.fields, strict=True)
        )

    def decide(self, user: int, decision: Decision) -> None:
        """Record `decision`; when nothing but who recorded the old one differs, the old value itself."""
        old = self.memory.of_user.get(decision.user)
        if old and replace(decision, since=old.since, decided_by=old.decided_by) == old:
            decision = old
        self.decided[user] = decision

    def decisions(self) -> list[Decision]:
        """One decision for each user id, by user id."""
        by_id = {decision.user: decision for decision in self.decided.values()}
        return sorted(by_id.values(), key=attrgetter("user"))


_decision, _compared = unguarded(Decision), unguarded(Compared)


def shown_user(user: User) -> str:
    prefix = f"{user.prefix} " if user.prefix else ""
    return f"{user.first_name} {prefix}{user.last_name}"


def shown_person(person: Person) -> str:
    return f"{person.first_name} {person.last_name}"


def candidate(person: Person, rule: str, cause: str) -> Candidate:
    """This person as one of whom `rule` says that he might be meant."""
    abbreviation = person.short_name if person.role is Role.TEACHER else ""  # a student's is nothing to know him by
    return Candidate(person.key, person.id, shown_person(person), rule, cause, abbreviation)

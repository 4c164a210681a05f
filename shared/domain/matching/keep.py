"""What stands already is kept, suspended or handed to a person: a key never carries a link over to somebody else.

A link stays while its ID-nummer exists and the names still agree with those at link time; it resumes with the same
ID-nummer only. What a person decided stays whatever the names say.
"""

from collections.abc import Callable
from dataclasses import replace

from shared.domain.matching.by_hand import compared
from shared.domain.matching.closeness import forenames_resemble, weak_rules
from shared.domain.matching.names import BY_ITSELF, read, same
from shared.domain.matching.standing import is_hand_link, shares_part
from shared.domain.matching.table import Table
from shared.domain.people import Decision, State


class Keeper:
    """Fills `table` with the decisions that follow from the standing ones."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.roll = table.roll
        self.memory = table.memory

    def keep_what_people_decided(self) -> None:
        """Only the decisions of people: hand links and exclusions."""
        self._keep(lambda old: old.state is State.EXCLUDED or is_hand_link(old))

    def keep(self) -> None:
        """Everything that stands, of people and of earlier runs."""
        self._keep(lambda old: True)  # noqa: ARG005

    def _keep(self, binds: Callable[[Decision], bool]) -> None:
        doubles = self._double_ids()
        kept: dict[int, list[int]] = {}
        if self.memory.of_user:
            for user, someone in enumerate(self.roll.users):
                old = self.memory.of_user.get(someone.id)
                if old and user not in doubles and binds(old):
                    self._stand(user, old)
                    if user in self.table.decided and self.table.decided[user].state is State.LINKED:
                        kept.setdefault(self.roll.keys[self.table.decided[user].key], []).append(user)
        for person, users in kept.items():
            if len(users) == 1:
                self.table.taken.add(person)
            else:
                for user in users:
                    self._suspend(user, self.memory.of_user[self.roll.users[user].id], "link.key_held_twice")
        for user, first in doubles.items():
            self._refuse_double(user, first)

    def _double_ids(self) -> dict[int, int]:
        """Users whose id somebody else has too, with the one who stands for that id whatever the order."""
        users = self.roll.users
        if len({someone.id for someone in users}) == len(users):
            return {}
        first: dict[str, int] = {}
        places = sorted(range(len(users)), key=lambda user: repr(users[user]))
        pairs = [(user, first.setdefault(users[user].id, user)) for user in places]
        return {user: place for user, place in pairs if user != place}

    def _refuse_double(self, user: int, first: int) -> None:
        """Of two users with one id nobody is linked, unless a person said what that id is."""
        someone = self.roll.users[first]
        old = self.memory.of_user.get(someone.id)
        if not (old and (is_hand_link(old) or old.state is State.EXCLUDED)):
            never = old.never if old else ()
            refusal = Decision(someone.id, self.roll.role, State.CONFLICT, "link.duplicate_user_id", never=never)
            if first in self.table.decided:  # its own link, from before it was double
                person = self.roll.keys.get(self.table.decided[first].key)
                self.table.taken.discard(-1 if person is None else person)
            self.table.decide(first, refusal)
        self.table.decided[user] = self.table.decided[first]

    def _stand(self, user: int, old: Decision) -> None:
        if old.state is State.EXCLUDED:
            self.table.decided[user] = old
        elif is_hand_link(old):
            self._stand_by_hand(user, old)
        elif old.by == "auto" and old.state in (State.LINKED, State.SUSPENDED):
            self._stand_by_itself(user, old)

    def _stand_by_hand(self, user: int, old: Decision) -> None:
        person = self.roll.keys.get(old.key)
        if person is None:
            self._suspend(user, old, self._why_gone(old.key))
        elif len(self.memory.by_hand[old.key]) > 1:
            self._suspend(user, old, "link.key_held_twice")
        elif old.rules_out(self.roll.persons[person]):
            self._suspend(user, old, "link.never")
        elif self._other_record(old, person) and not self._names_agree(user, person, old):
            # A new record under an old ID-nummer, with another name: the person meant somebody else.
            self._suspend(user, old, "link.person_renamed")
        else:
            self._link(user, old, person, "link.by_hand")

    def _stand_by_itself(self, user: int, old: Decision) -> None:
        person = self.roll.keys.get(old.key)
        if old.key in old.never or (person is not None and old.rules_out(self.roll.persons[person])):
            return  # from here on as if it had not been
        if person is None:
            self._suspend(user, old, self._why_gone(old.key))
            return
        if any(holder != old.user for holder in self.memory.by_hand.get(old.key, ())):
            return  # from here on as if it had not been
        cause = self._objection(user, old, person)
        if cause:
            self._suspend(user, old, cause)
            return
        roll = self.roll
        namesake = old.rule in BY_ITSELF and (user in roll.namesakes_of_user or person in roll.namesakes_of_person)
        by_field = f"link.confirmed_by_{old.rule}"
        usual = f"link.{old.rule}" if old.rule in BY_ITSELF else by_field if old.rule in _FIELD_RULES else old.cause
        self._link(user, old, person, "link.namesake_arrived" if namesake else usual)

    def _objection(self, user: int, old: Decision, person: int) -> str:
        """Why the standing link may not be kept, or ""."""
        name, name2 = self.roll.user_name(user), self.roll.person_name(person)
        if not (old.user_name == name.text and old.person_name == name2.text):
            if old.user_name and old.user_name != name.text and not shares_part(old.user_name, name):
                return "link.user_renamed"
            if self._other_record(old, person) or not self._names_agree(user, person, old):
                return "link.person_renamed"
            if self._fits_another(user, person):
                return "link.fits_another"
        for field in self.table.fields:
            if field.says(user, person) == "different":
                return f"link.{field.field.name}_differs"
        return ""

    def _other_record(self, old: Decision, person: int) -> bool:
        """Whether the ID-nummer now stands at somebody else, judged by the record and the name at link time."""
        if not old.person_name:
            return False
        name, somebody = self.roll.person_name(person), self.roll.persons[person]
        if old.person_name == name.text or read(old.person_name).letters == name.letters:
            return False
        # The same record may change one of its names; another record under this ID-nummer must bear the very name.
        same_record = old.person in ("", somebody.id)
        if old.by == "person":
            return not same_record
        return not same_record or not shares_part(old.person_name, name)

    def _names_agree(self, user: int, person: int, old: Decision) -> bool:
        name, name2 = self.roll.user_name(user), self.roll.person_name(person)
        if name.letters == name2.letters and same(name, name2):
            return True
        # A record keeps its surname when a brother is written over it, so a new forename must resemble.
        renamed = bool(old.person_name) and read(old.person_name).given.letters != name2.given.letters
        if renamed and not forenames_resemble(name, name2):
            return False
        return shares_part(name.text, name2) or weak_rules(name, name2) is not None

    def _fits_another(self, user: int, person: int) -> bool:
        """Whether, after a change of name, somebody else bears the very name."""
        letters, letters2 = self.roll.user_letters[user], self.roll.person_letters[person]
        if letters == letters2:
            return False
        return bool(self.roll.persons_with(letters) or self.roll.users_with(letters2))

    def _why_gone(self, key: str) -> str:
        return "link.duplicate_id_number" if any(p.key == key for p in self.roll.persons) else "link.person_gone"

    def _link(self, user: int, old: Decision, person: int, cause: str) -> None:
        someone, somebody = self.roll.users[user], self.roll.persons[person]
        by_hand = old.by == "person"  # its reviewer also sees what the school does not keep equal
        unchanged = old.state is State.LINKED and old.cause == cause and old.person == somebody.id
        if unchanged and old.user_name and old.person_name:
            fresh = (
                old.compared == compared(someone, somebody) if by_hand else self.table.shows(old.compared, user, person)
            )
            if fresh:
                self.table.decided[user] = old
                return
        self.table.decided[user] = replace(
            old,
            state=State.LINKED,
            cause=cause,
            person=somebody.id,
            compared=compared(someone, somebody) if by_hand else self.table.compared(user, person),
            candidates=(),
            user_name=old.user_name or self.roll.user_name(user).text,
            person_name=old.person_name or self.roll.person_name(person).text,
        )

    def _suspend(self, user: int, old: Decision, cause: str) -> None:
        suspended = replace(old, state=State.SUSPENDED, cause=cause, compared=(), candidates=())
        self.table.decide(user, suspended)


_FIELD_RULES = ("number", "abbreviation")

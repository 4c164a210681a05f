"""Candidates for users that stay unlinked: who in WebUntis might be meant, best first, each with the reason why not.

Proposals never decide anything. They are looked for only among persons that nobody has, through blocks of bounded
size, so the cost stays linear.
"""

from collections.abc import Callable, Iterable

from shared.domain.matching.closeness import RANK, nouns, weak_rules
from shared.domain.matching.names import INITIALS_ONLY, Name, placed, same
from shared.domain.matching.second_field import Proven
from shared.domain.matching.table import MENDABLE, Table, candidate
from shared.domain.people import Candidate, Decision, State

_MOST_SHOWN = 5
_MOST_IN_BLOCK = 12
_MOST_COMPARED = 12


class Pool:
    """The persons nobody has, findable by parts of their name and by the values of proven fields."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.roll = table.roll
        self.blocks: dict[str, list[int]] = {}

    def propose(self) -> None:
        """Decide every user that is still undecided: conflict, review with candidates, or not found."""
        undecided = [user for user in range(len(self.roll.users)) if user not in self.table.decided]
        if any(user not in self.table.refused for user in undecided):
            self._fill()
        for user in undecided:
            refusal = self.table.refused.get(user)
            self.table.decide(user, self._refused(user, *refusal) if refusal else self._weak(user))

    def _fill(self) -> None:
        persons = self.roll.persons
        free = (person for person in range(len(persons)) if person not in self.table.taken)
        for person in sorted(free, key=lambda person: (persons[person].key, persons[person].id)):
            for block in self._blocks(self.roll.person_name(person), person, Proven.person_value):
                members = self.blocks.get(block)
                if members is None:
                    self.blocks[block] = [person]
                elif len(members) < _MOST_IN_BLOCK:
                    members.append(person)

    def _blocks(self, name: Name, position: int, value: Callable[[Proven, int], str]) -> list[str]:
        blocks = _blocks(name)
        for field in self.table.fields:
            if value(field, position):
                blocks.append(f"{field.field.name}={value(field, position)}")
        return blocks

    def _refused(self, user: int, cause: str, persons: tuple[int, ...]) -> Decision:
        candidates = self._listed(user, ((0, person, _rule(self, user, person), cause) for person in persons))
        state = State.REVIEW if cause in MENDABLE else State.CONFLICT
        users, others = self._crowd(user)
        facts = (("users", str(users)), ("persons", str(max(others, len(persons)))))
        return self._decision(user, state, cause, candidates, facts)

    def _crowd(self, user: int) -> tuple[int, int]:
        together = self.roll.namesakes_of_user.get(user)
        return (len(together.users), len(together.persons)) if together else (1, 0)

    def _weak(self, user: int) -> Decision:
        name = self.roll.user_name(user)
        if not name.letters:
            return self._decision(user, State.NOT_FOUND, "link.no_name", (), ())
        near: set[int] = set()
        # The rarer what they share, the likelier it is the same person.
        blocks = (self.blocks.get(block, []) for block in self._blocks(name, user, Proven.user_value))
        for members in sorted(blocks, key=len):
            near.update(members)
            if len(near) >= _MOST_COMPARED:
                break
        pair = self.roll.pairs.get(user)
        if pair:
            near.add(pair[0])
        found: list[tuple[int, int, str, str]] = []
        for person in near - self.table.taken:
            if pair and pair[0] == person and pair[1] == INITIALS_ONLY:
                found.append((RANK["initials"], person, INITIALS_ONLY, "link.initials_only"))
                continue
            rules = weak_rules(name, self.roll.person_name(person))
            if rules:
                rank = sum(RANK[rule] for rule in rules)
                found.append((rank, person, rules[0], f"link.{rules[0]}"))
            elif rules is not None:
                found.append((0, person, "same_letters", "link.namesakes"))
            elif pair and pair[0] == person:
                found.append((len(RANK), person, "anagram", "link.cut_differently"))
            elif any(field.says(user, person) == "equal" for field in self.table.fields):
                found.append((len(RANK), person, "value_only", "link.name_differs"))
        candidates = self._listed(user, found)
        if not candidates:
            return self._decision(user, State.NOT_FOUND, "link.not_found", (), ())
        return self._decision(user, State.REVIEW, candidates[0].cause, candidates, (("persons", str(len(found))),))

    def _listed(self, user: int, found: Iterable[tuple[int, int, str, str]]) -> tuple[Candidate, ...]:
        """The best of `found` (rank, person, rule, cause), without those a person ruled out for this user."""
        old = self.table.memory.of_user.get(self.roll.users[user].id)
        shown = []
        for rank, person, rule, cause in found:
            somebody = self.roll.persons[person]
            if old and old.rules_out(somebody):
                continue
            against = sum(field.says(user, person) == "different" for field in self.table.fields)
            in_favour = sum(field.says(user, person) == "equal" for field in self.table.fields)
            proposed = candidate(somebody, rule, cause)
            order = (against - in_favour, rank, proposed.name, somebody.key, somebody.id)
            shown.append((order, proposed))
        shown.sort(key=lambda entry: entry[0])
        return tuple(proposed for _, proposed in shown[:_MOST_SHOWN])

    def _decision(
        self, user: int, state: State, cause: str, candidates: tuple[Candidate, ...], facts: tuple[tuple[str, str], ...]
    ) -> Decision:
        someone = self.roll.users[user]
        old = self.table.memory.of_user.get(someone.id)
        return Decision(
            user=someone.id,
            role=self.roll.role,
            state=state,
            cause=cause,
            rule=candidates[0].rule if candidates else "",
            facts=facts,
            candidates=candidates,
            user_name=self.roll.user_name(user).text,
            never=old.never if old else (),
        )


def _rule(pool: Pool, user: int, person: int) -> str:
    name, name2 = pool.roll.user_name(user), pool.roll.person_name(person)
    if name.letters == name2.letters:
        return same(name, name2) or "anagram"
    return (weak_rules(name, name2) or ("value_only",))[0]


def _blocks(name: Name) -> list[str]:
    """Keys under which two names with weak evidence between them usually meet."""
    given, family = placed(name)
    whole = nouns(family or given)
    blocks = [noun for noun in whole if len(noun) >= 3]
    if given and family:
        glued, one = "".join(whole), given[0]
        blocks += f"{one} {glued[:2]}", f"{one} -{glued[-3:]}", f"{one[0]} {glued[:4]}"
    return blocks

"""An answer that is kept is made once, however many ask for it at once, and a failure is nobody's answer."""

import threading
import time

import pytest

from functions.kept_answers import KeptAnswers


def test_of_sixty_who_ask_at_once_one_makes_it() -> None:
    kept, made, told = KeptAnswers(), list[int](), list[bytes]()

    def make() -> bytes:
        made.append(1)
        time.sleep(0.05)
        return b"week"

    threads = [threading.Thread(target=lambda: told.append(kept.get("tag", make))) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), told) == (1, [b"week"] * 60)


def test_two_different_answers_do_not_wait_for_each_other() -> None:
    kept = KeptAnswers()
    assert kept.get("one", lambda: b"1" + kept.get("other", lambda: b"2")) == b"12"
    assert kept.get("other", lambda: b"never") == b"2"


def test_a_failure_is_not_kept_and_the_next_who_asks_tries_again() -> None:
    kept = KeptAnswers()
    with pytest.raises(ZeroDivisionError):
        kept.get("tag", lambda: bytes(1 // 0))
    assert kept.get("tag", lambda: b"well") == b"well"


def test_the_oldest_make_room_and_what_is_too_large_is_made_each_time() -> None:
    kept = KeptAnswers(most=40)
    for tag in "abcde":
        kept.get(tag, lambda: b"x" * 10)
    assert [kept.get(tag, lambda: b"new") for tag in "bcdea"] == [b"x" * 10] * 4 + [b"new"]
    assert [kept.get("large", lambda: b"y" * 11), kept.get("large", lambda: b"z")] == [b"y" * 11, b"z"]

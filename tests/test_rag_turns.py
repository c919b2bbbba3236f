"""Who computes when more ask than there are cores."""

from __future__ import annotations

from threading import Event, Thread
from time import sleep

import pytest

from rag.turns import Turns


def test_so_many_at_a_time_in_the_order_in_which_they_came() -> None:
    turns, order = Turns(2), list[int]()
    running, most, may_end = list[int](), list[int](), [Event() for _ in range(6)]

    def work(number: int) -> None:
        with turns.taken():
            order.append(number)
            running.append(number)
            most.append(len(running))
            may_end[number].wait(10)
            running.remove(number)

    threads = [Thread(target=work, args=(number,)) for number in range(6)]
    for waiting, thread in enumerate(threads):
        thread.start()
        while len(order) < min(waiting + 1, 2) or len(turns) < waiting + 1 - 2:
            sleep(0.001)  # the next comes only once this one has its place
    for number, thread in enumerate(threads):
        while len(order) < min(number + 2, 6):
            sleep(0.001)  # who holds the turn has begun
        may_end[number].set()
        thread.join(10)
    assert order == [0, 1, 2, 3, 4, 5]
    assert max(most) == 2


def test_a_turn_comes_back_whatever_happens_in_it() -> None:
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.taken():
            raise ZeroDivisionError
    with turns.taken():
        assert len(turns) == 0

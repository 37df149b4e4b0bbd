"""Threads beside the loop: as many as work at once, used again, and waited for by nobody."""

import threading

from salio.platform.threads import Threads
from tests.patience import PATIENCE


def test_a_thread_is_used_again() -> None:
    """One after another needs one; two at once need two."""
    threads, seen, done = Threads("a test's"), set(), threading.Semaphore(0)
    together = threading.Barrier(2)

    def note() -> None:
        seen.add(threading.get_ident())
        done.release()

    def meet() -> None:
        together.wait(PATIENCE)
        note()

    for _ in range(2):
        threads.begin(meet)
    assert [done.acquire(timeout=PATIENCE) for _ in range(2)] == [True] * 2
    assert len(seen) == 2


def test_the_end_waits_for_nobody() -> None:
    """One that is blocked is left behind, and dies with the process; the idle ones go."""
    threads, blocked, over = Threads("a test's"), threading.Event(), threading.Event()
    begun: list[threading.Thread] = []

    def block() -> None:
        begun.append(threading.current_thread())
        blocked.set()
        over.wait(PATIENCE)

    threads.begin(block)
    assert blocked.wait(PATIENCE)
    threads.close()
    assert begun[0].is_alive()
    assert begun[0].daemon
    over.set()

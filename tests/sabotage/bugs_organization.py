"""Known bugs of the organization's side: receiver, record and tracker (see :mod:`tests.sabotage.bugs`)."""

from tests.sabotage.bug import bug

ORGANIZATION = [
    bug(
        "a callback is answered before it is kept",
        "receiver/app.py",
        "            await self._groups.keep(arrival)\n",
        "            asyncio.ensure_future(self._groups.keep(arrival))  # noqa\n",
        "receiver/test_app.py::test_what_is_not_kept_is_not_accepted",
    ),
    bug(
        "ids are not compared",
        "receiver/judging.py",
        "    contradiction = _contradiction(told, known)\n",
        '    contradiction = ""\n',
        "receiver/test_judging.py::test_at_the_address_of_its_request",
        "tracker/test_results.py::test_c6_forgeries_change_nothing",
    ),
    bug(
        "what comes before the acknowledgement is nobody's",
        "receiver/judging.py",
        "        return Judged(Verdict.EARLY)\n    return",
        "        return Judged(Verdict.UNKNOWN)\n    return",
        "tracker/test_orders.py::test_c8_a_success_in_every_order",
    ),
    bug(
        "a failure takes a success back",
        "tracker/settling.py",
        "        if state in (State.OPEN, State.NEEDS_A_PERSON) or settles:",
        "        if state is not None or settles:",
        "tracker/test_orders.py::test_c8_a_success_in_every_order",
        "tracker/test_results.py::test_c7_the_same_in_other_bytes",
    ),
    bug(
        "a notice is a failure",
        "tracker/settling.py",
        '                return self._sooner(judged, asking.request, "a notice: it waited too long")',
        "                return self._result(judged, told, asking, callback)",
        "tracker/test_results.py::test_a_queue_timeout_means_unknown",
    ),
    bug(
        "an order whose result is late is sent again",
        "tracker/orders.py",
        "    if isinstance(asked, Query):\n",
        "    if asked:\n",
        "tracker/test_lost_orders.py::test_c4_an_ambiguous_failure_becomes_a_status_query",
        "tracker/test_lost_orders.py::test_c5_a_lost_result_is_asked_for",
    ),
    bug(
        "a status query that succeeds settles an order, whatever it has found",
        "tracker/orders.py",
        '    if found.status == "Completed":\n',
        "    if found.status:\n",
        "tracker/test_lost_orders.py::test_what_was_never_paid_has_failed",
        "tracker/test_lost_orders.py::test_what_a_status_does_not_decide_is_a_persons",
    ),
    bug(
        "an order that the other side stumbled over counts as refused",
        "client/core.py",
        "raise error_of(found, is_order=isinstance(asked, Order))",
        "raise error_of(found)",
        "tracker/test_lost_orders.py::test_c4_a_doubt_is_no_refusal",
    ),
    bug(
        "it is asked once too often",
        "tracker/chasing.py",
        "late.tries < patience.askings",
        "late.tries <= patience.askings",
        "tracker/test_results.py::test_c5_so_often_and_no_more",
    ),
    bug(
        "an effect is not in the transaction that says that it has finished",
        "tracker/handling.py",
        '            rows.execute("ROLLBACK TO handler")\n',
        "",
        "tracker/test_handling.py::test_a_write_that_fails_leaves_nothing",
    ),
    bug(
        "an end that was begun is not told again",
        "tracker/handling.py",
        "WHERE handling.state IN ('due', 'started') AND handling.look_at",
        "WHERE handling.state = 'due' AND handling.look_at",
        "tracker/test_handling.py::test_a_death_in_the_handler",
    ),
    bug(
        "one callback that cannot be judged keeps all others from it",
        "tracker/settling.py",
        "        except Exception as error:\n",
        "        except ZeroDivisionError as error:\n",
        "tracker/test_results.py::test_c11_half_a_character_in_an_id",
    ),
]
"""Of the organization's side."""

"""Known bugs of the ways out: delivery, marks, addresses and receivers (see :mod:`tests.sabotage.bugs`)."""

from tests.sabotage.bug import Bug, bug

DELIVERY = [
    Bug(
        "a result leaves before its mark is durable",
        "delivery/outbox.py",
        (
            (
                "        unit.start_attempts(batch)",
                "        unit.start_attempts(batch)\n        self._transport.post(batch)",
            ),
            ("        self._transport.post(self._copies.doubled(batch))", "        del batch"),
        ),
        ("delivery/test_outbox.py::test_an_attempt_is_marked_before_it_leaves",),
    ),
    bug(
        "a result that was interrupted twice leaves a third time",
        "delivery/outbox.py",
        "        if attempt.resent:",
        "        if not attempt:",
        "delivery/test_outbox.py::test_p9_recovery_after_a_crash",
        "kill/test_two_deaths.py::test_p9_two_deaths_of_one_attempt_end_it",
    ),
    bug(
        "a result leaves once more without a mark",
        "storage/sqlite/store.py",
        "        statements.add_resends.run(self._connection, again)\n",
        "",
        "storage/test_requests.py::test_undelivered_after_a_crash",
        "kill/test_two_deaths.py::test_p9_two_deaths_of_one_attempt_end_it",
    ),
    bug(
        "a POST is made again when a kept connection dies",
        "delivery/lines.py",
        "        self.sent = True\n",
        "",
        "delivery/test_courier.py::test_promise_3_a_kept_connection_that_dies_is_not_tried_again",
    ),
    Bug(
        "redirects are followed",
        "delivery/lines.py",
        (
            (
                "        (pycurl.FOLLOWLOCATION, 0),\n        (pycurl.REDIR_PROTOCOLS, 0),",
                "        (pycurl.FOLLOWLOCATION, 1),",
            ),
            ("        self.sent = True\n", ""),  # it would refuse the second request
        ),
        ("delivery/test_courier.py::test_p13_redirects_are_not_followed",),
    ),
    bug(
        "the environment's proxy is used",
        "delivery/lines.py",
        '        (pycurl.PROXY, ""),\n        (pycurl.NOPROXY, "*"),\n',
        "",
        "delivery/test_courier.py::test_b_proxies_of_the_environment_are_ignored",
    ),
    bug(
        "an address is checked before its name is resolved, not after",
        "delivery/lines.py",
        "        self.refused = self._refusal(family, where)",
        "        self.refused = None",
        "delivery/test_courier.py::test_b_p17_the_resolved_address_is_judged",
        "delivery/test_courier.py::test_b_i19_metadata_is_never_called",
    ),
    bug(
        "a forbidden address is called in the disguise of another",
        "delivery/addresses.py",
        "    word = _refused(address, NEVER) or _refused(_carried(address), NEVER)",
        "    word = _refused(address, NEVER)",
        "delivery/test_addresses.py::test_b_some_addresses_are_never_called",
    ),
    bug(
        "a receiver's certificate is not checked",
        "delivery/lines.py",
        "        (pycurl.SSL_VERIFYPEER, 1),\n        (pycurl.SSL_VERIFYHOST, 2),",
        "        (pycurl.SSL_VERIFYPEER, 0),\n        (pycurl.SSL_VERIFYHOST, 0),",
        "delivery/test_tls.py::test_p15_a_wrong_certificate_is_refused",
        "delivery/test_tls.py::test_p15_an_unknown_authority_is_refused",
    ),
    bug(
        "dead receivers hold all places",
        "delivery/hosts.py",
        "        self.standing = Standing.SLOW if late else Standing.QUICK",
        "        self.standing = Standing.QUICK",
        "delivery/test_outbox.py::test_slow_hosts_together_hold_half",
    ),
]
"""Of the ways out."""

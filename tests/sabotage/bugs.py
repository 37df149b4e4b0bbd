"""Known bugs and the tests that see them: each is put back into a copy of the source, and they turn red.

A bug is a change of text in one file. The text must stand there exactly once, so that no bug can leave this
list by itself; a change of the source that breaks a row asks for the row to be written anew.
"""

from tests.sabotage.bug import bug
from tests.sabotage.bugs_of_money import MONEY
from tests.sabotage.bugs_organization import ORGANIZATION
from tests.sabotage.bugs_outwards import DELIVERY

ACCEPTANCE = [
    bug(
        "an acknowledgement leaves before its commit",
        "core/requests/intake.py",
        "        return taken\n",
        "        self._answered([(each.answer, Admission.ACCEPTED) for each in taken])\n"
        "        return taken\n",
        "core/requests/test_intake.py::test_a_group_is_durable_before_anybody_hears",
        "core/requests/test_intake.py::test_an_outage_is_told_at_once",
        "journeys/test_outages.py::test_p3_p4_a_store_out_of_reach_declines",
    ),
    bug(
        "a commit does not wait for the disk",
        "storage/sqlite/connection.py",
        "synchronous = FULL",
        "synchronous = NORMAL",
        "storage/sqlite/test_connection.py::test_pragmas",
        "kill/test_power.py::test_promise_1_no_loss_of_power_loses_an_acknowledged_request",
    ),
    bug(
        "a start builds upon what a failed fsync left in memory",
        "storage/sqlite/databases.py",
        "            secure_log(path)\n",
        "            del path\n",
        "kill/test_power.py::test_p7_a_death_after_an_fsync_that_failed",
    ),
    bug(
        "an id that the caller used before is accepted again",
        "storage/sqlite/store.py",
        "                duplicates.add(each.number)",
        "                continue",
        "core/requests/test_intake.py::test_duplicates",
        "journeys/test_access.py::test_p20_of_many_at_once_one_is_accepted",
        "journeys/test_catalogue_pipeline.py::test_p20_fifty_at_once_with_one_id",
    ),
    bug(
        "a bad row takes its neighbours along",
        "core/cycle.py",
        "            await self._commit_one_by_one(ready)\n        else:",
        "            for stage, batch in ready:\n"
        "                stage.put_back(batch, StoreUnavailableError())\n        else:",
        "core/test_cycle.py::test_a_bad_row_hurts_no_neighbour",
        "core/requests/test_intake.py::test_a_request_that_cannot_be_kept",
    ),
    bug(
        "an outage loses what was decided",
        "core/requests/processor.py",
        "        self._queue.extendleft(reversed(undone))\n",
        "",
        "core/requests/test_outages.py::test_l17_an_outage_loses_and_doubles_nothing",
    ),
    bug(
        "a start forgets what was accepted and not decided",
        "platform/environment.py",
        "        self.processor.recover(self._store.undecided())\n",
        "",
        "kill/test_kills.py::test_p1_no_death_loses_an_acknowledged_request",
    ),
    bug(
        "a start never gives up a request that the platform dies of",
        "core/requests/recovery.py",
        "        if deaths < MOST_DEATHS:",
        "        if deaths >= 0:",
        "core/requests/test_recovery.py::test_p25_three_deaths_are_enough",
        "kill/test_poison.py::test_p25_requests_that_kill_at_every_start",
    ),
    bug(
        "duplicates count against the quota",
        "core/requests/intake.py",
        "[each.request for each in accepted if each.request.number not in self._duplicates]",
        "[each.request for each in accepted]",
        "core/requests/test_intake.py::test_duplicates",
    ),
]

INPUT = [
    bug(
        "the last of two equal keys wins",
        "wire/strict_json.py",
        "    if len(members) != len(pairs):",
        "    if len(members) > len(pairs):",
        "wire/test_strict_json.py::test_says_why_not",
        "journeys/test_requests.py::test_a_body_that_is_no_object",
    ),
    bug(
        "a body of exactly 64 KiB is refused",
        "gateway/http.py",
        "    if len(body) > LARGEST_BODY:",
        "    if len(body) >= LARGEST_BODY:",
        "journeys/test_requests.py::test_i4_the_largest_body",
    ),
    bug(
        "an unknown member is refused",
        "gateway/questions.py",
        "        return wired, self._question.understand(wired)",
        "        for name in wired.unknown_members:\n"
        '            raise Refused(Refusal.FIELD_INVALID, "unknown", detail=name)\n'
        "        return wired, self._question.understand(wired)",
        "journeys/test_parameters.py::test_i8_unknown_members_are_ignored_and_named",
    ),
]

ACCESS = [
    bug(
        "a token counts in the second in which it expires",
        "core/access/tokens.py",
        "    if now >= claim.expires_at:",
        "    if now > claim.expires_at:",
        "core/access/test_tokens.py::test_expires_to_the_second_a2",
        "journeys/test_access.py::test_a2_a_token_lives_for_an_hour",
    ),
    bug(
        "a token of another environment is honoured",
        "vault/tokens.py",
        "        genuine = hmac.compare_digest(mac, self._mac(packed))",
        '        genuine = mac != b""',
        "vault/test_tokens.py::test_a3_a_token_of_other_keys_is_refused",
        "vault/test_tokens.py::test_a3_every_other_character_at_every_position_is_refused",
        "journeys/test_catalogue_access.py::test_a3_a_token_with_any_bit_flipped",
    ),
    bug(
        "a revoked token is honoured",
        "core/access/registry.py",
        "not self._sighted or claim in self._revoked or self._current",
        "not self._sighted or self._current",
        "core/access/test_registry.py::test_knows_revoked_tokens",
        "journeys/test_access.py::test_a6_a_revoked_token_is_dead",
    ),
    bug(
        "whoever cannot see what is revoked honours everything",
        "core/access/registry.py",
        "            not self._sighted or claim in",
        "            claim in",
        "core/access/test_registry.py::test_whoever_cannot_see_honours_no_token",
        "journeys/test_outages.py::test_apps_that_cannot_be_read_are_refused",
    ),
    bug(
        "refused requests count against the quota",
        "gateway/desk.py",
        "        if app is not None and refused.counted:\n            self.throttles.give_back(app)\n",
        "",
        "journeys/test_throttles.py::test_t9_quota",
    ),
    bug(
        "a clock set back opens a second day",
        "core/access/throttles.py",
        "        if today > self._day:",
        "        if today != self._day:",
        "core/access/test_throttles.py::test_a_clock_set_back_opens_no_second_day_t6",
        "journeys/test_catalogue_throttle.py::test_t6_a_clock_set_back_opens_no_second_day",
    ),
]

INITIATORS = [
    bug(
        "a wrong password is not counted",
        "core/parties/operators.py",
        "        count = operator.wrong_passwords + 1",
        "        count = operator.wrong_passwords",
        "core/parties/test_operators.py::test_wrong_passwords_lock_at_the_fifth",
        "journeys/test_lives.py::test_a13_five_wrong_passwords_lock",
    ),
    bug(
        "the sixth wrong password locks",
        "core/parties/operators.py",
        "        locked = count >= self.wrong_passwords_allowed",
        "        locked = count > self.wrong_passwords_allowed",
        "core/parties/test_operators.py::test_wrong_passwords_lock_at_the_fifth",
        "journeys/test_lives.py::test_a13_five_wrong_passwords_lock",
    ),
    bug(
        "wrong passwords are counted for each group of requests",
        "core/requests/processor.py",
        "        if decided.changed is not None:\n            self._changes.make(identified.after)\n",
        "",
        "core/requests/test_processor.py::test_wrong_passwords_in_one_batch",
        "core/requests/test_processor.py::test_counting_does_not_depend_on_the_batches",
    ),
    bug(
        "a restart forgets wrong passwords",
        "core/requests/writing.py",
        "        unit.save_operators(list(changed.values()))",
        "        pass",
        "journeys/test_lives.py::test_wrong_passwords_survive_a_restart",
    ),
    bug(
        "the right password opens a locked initiator",
        "core/requests/asking.py",
        "    if operator.status is OperatorStatus.LOCKED:",
        "    if operator.status is OperatorStatus.LOCKED and not operator.wrong_passwords:",
        "core/requests/test_asking.py::test_a_locked_initiator_stays_locked",
        "journeys/test_lives.py::test_a13_five_wrong_passwords_lock",
    ),
    bug(
        "a stranger asks at any short code, and locks its initiator",
        "core/parties/directory.py",
        "        while line and line[-1] not in owned:",
        "        while len(line) > 1 and line[-1] not in owned:",
        "core/parties/test_directory.py::test_within_reach",
        "journeys/test_lives.py::test_a4_a_stranger_locks_nobody",
    ),
    bug(
        "the password is looked at before channel, role and lock",
        "core/requests/asking.py",
        "    refusal = _standing(operator, right, asking)\n    if refusal is not None:\n",
        "    checked = _password(operator, asking)\n    if checked.refusal is not None:\n"
        "        return checked\n"
        "    refusal = _standing(operator, right, asking)\n    if refusal is not None:\n",
        "core/requests/test_asking.py::test_the_first_fault_is_the_outcome",
    ),
    bug(
        "a credential that cannot be read is right",
        "core/requests/asking.py",
        "    trusted = rules.trust_foreign_credentials and not credential.readable",
        "    trusted = not credential.readable",
        "core/requests/test_asking.py::test_foreign_credentials",
        "journeys/test_certificate.py::test_a_credential_by_somebody_elses_certificate",
    ),
    bug(
        "a password counts at the instant at which it expires",
        "core/requests/asking.py",
        "    if now >= rules.password_expires_at(operator):",
        "    if now > rules.password_expires_at(operator):",
        "core/requests/test_asking.py::test_password_expires_to_the_second",
    ),
    bug(
        "a refusal quotes what the credential held",
        "gateway/entrance.py",
        '    cause = f"{error.name}: {error.reason}"',
        '    cause = f"{error.name}: {error.reason}, not {read_object(body).get(error.name)}"',
        "journeys/test_secrets.py::test_no_secret_stays",
    ),
]

ANSWERS = [
    bug(
        "a transaction of others is told",
        "core/requests/transaction_status.py",
        "    if not transaction.involves(query.party):\n        return False",
        "    if not transaction.involves(query.party):\n        return True",
        "core/requests/test_transaction_status.py::test_subject",
    ),
    bug(
        "amounts go through a float",
        "wire/amounts.py",
        "    digits = str(abs(cents)).rjust(3,",
        '    return f"{cents / 100:.2f}"\n    digits = str(abs(cents)).rjust(3,',
        "wire/test_amounts.py::test_round_trip",
    ),
    bug(
        "the current balance leaves out what is reserved",
        "core/ledger/accounts.py",
        "        return self.available + self.reserved",
        "        return self.available",
        "core/ledger/test_accounts.py::test_current_is_available_and_reserved",
    ),
    bug(
        "an account falls below its floor",
        "core/ledger/book.py",
        "            if self._below_floor(number, balance):\n",
        "            if False:\n",
        "core/ledger/test_book.py::test_below_floor_changes_nothing",
    ),
    bug(
        "the days of receipts begin at zero",
        "wire/receipts.py",
        '_DAYS = "123456789ABCDEFGHIJKLMNOPQRSTUV"',
        '_DAYS = "0123456789ABCDEFGHIJKLMNOPQRSTU"',
        "wire/test_receipts.py::test_reads_the_date",
        "wire/test_receipts.py::test_the_date_is_east_africas",
    ),
    bug(
        "East Africa is two hours ahead",
        "wire/times.py",
        "timedelta(hours=3)",
        "timedelta(hours=2)",
        "wire/test_times.py::test_prints_east_africa_time",
        "wire/test_times.py::test_the_day_turns_in_east_africa",
    ),
    bug(
        "a queue timeout goes to ResultURL",
        "core/requests/deliveries.py",
        "    return request.query.queue_time_out_url if timed_out else request.query.result_url",
        "    return request.query.result_url if timed_out else request.query.result_url",
        "core/requests/test_deliveries.py::test_address",
        "delivery/test_outbox.py::test_a_timeout_goes_to_its_own_url",
        "journeys/test_endings.py::test_p19_a_request_that_waited_too_long",
    ),
    bug(
        "production tells the reason of a refusal",
        "gateway/desk.py",
        "        return [(REASON.lower().encode(), reason(cause).encode())] if self.reasons_told else []",
        "        return [(REASON.lower().encode(), reason(cause).encode())]",
        "journeys/test_reasons.py::test_production_says_nothing",
    ),
]

BUGS = (*ACCEPTANCE, *INPUT, *ACCESS, *INITIATORS, *ANSWERS, *DELIVERY, *MONEY, *ORGANIZATION)
"""All of them."""

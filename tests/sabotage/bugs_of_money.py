"""Known bugs of money that moves (see :mod:`tests.sabotage.bugs`)."""

from tests.sabotage.bug import bug

MONEY = [
    bug(
        "what was built upon a refused payment is kept",
        "core/requests/processor.py",
        "return item.moved is not None",
        "return False",
        "core/requests/test_money.py::test_what_was_built_upon_a_refused_payment_is_decided_again",
    ),
    bug(
        "a refused payment stays in the book",
        "core/requests/processor.py",
        "        if item.moved is not None:\n            self._ledger.take_back(item.moved)\n",
        "",
        "core/requests/test_money.py::test_what_was_built_upon_a_refused_payment_is_decided_again",
        "core/requests/test_money.py::test_an_outage_while_a_payment_is_spoilt",
    ),
    bug(
        "an outage leaves the money moved",
        "core/requests/processor.py",
        "                self._ledger.take_back(each.moved)\n",
        "                pass\n",
        "core/requests/test_money.py::test_an_outage_takes_all_of_it_back",
    ),
    bug(
        "a payment is put back twice",
        "core/requests/reversal.py",
        "    if found.reversed_by is not None:\n",
        "    if found.reversed_by == receipt:\n",
        "core/requests/test_reversal.py::test_l4_reversals_at_once",
    ),
    bug(
        "the batch does not know what it has reversed",
        "core/requests/reversal.py",
        "if moved.transaction.reverses == receipt)",
        "if each == receipt)",
        "core/requests/test_reversal.py::test_l4_reversals_at_once",
    ),
    bug(
        "a withdrawal leaves charges owed",
        "core/requests/funds.py",
        "    if owed > 0:\n",
        "    if owed > 100_000:\n",
        "core/requests/test_funds.py::test_l8_charges_block_a_withdrawal_until_they_are_settled",
    ),
    bug(
        "a seal does not hang on the one before",
        "storage/seals.py",
        "    return sha256(before + added).digest()",
        "    return sha256(added).digest()",
        "storage/test_money.py::test_l13_who_mends_a_seal_breaks_the_next",
    ),
    bug(
        "a customer's day begins at midnight, UTC",
        "core/ledger/day_totals.py",
        "timedelta(hours=3)",
        "timedelta(hours=0)",
        "core/ledger/test_day_totals.py::test_a_day_is_east_africas",
    ),
    bug(
        "a payment leaves nothing to find",
        "core/requests/processor.py",
        "            unit.add_transactions([each.transaction for each in moved if each.is_new])\n",
        "",
        "core/requests/test_money.py::test_a_payment_is_durable_with_its_end",
    ),
    bug(
        "a payment to an organization comes back to the payer",
        "core/requests/b2b_payment.py",
        "ledger.book.account(query.receiver, rule.credits)",
        "ledger.book.account(query.party, rule.credits)",
        "core/requests/test_b2b_payment.py::test_no_shilling_is_made_or_lost",
    ),
    bug(
        "whoever holds the account is paid, whatever the command",
        "core/requests/b2b_payment.py",
        "if kind not in rule.receivers:",
        "if not kind:",
        "core/requests/test_b2b_payment.py::test_what_leaves_no_transaction",
    ),
    bug(
        "the journal is committed before the balances",
        "storage/sqlite/store.py",
        "        statements.change_balances.run(\n",
        "        self._connection.execute('COMMIT')\n"
        "        self._connection.execute('BEGIN IMMEDIATE')\n"
        "        statements.change_balances.run(\n",
        "kill/test_payments.py::test_l6_a_settlement_killed_between_its_steps",
    ),
    bug(
        "shillings may become dollars",
        "storage/migrations/environment/versions/0013_sums.py",
        " OR min(currency) <> max(currency)",
        "",
        "storage/test_sums.py::test_l9_two_currencies_in_one_posting",
    ),
]

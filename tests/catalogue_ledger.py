"""The fault catalogue's rows on the ledger (L): as `tests/catalogue.py`, which has the others."""

LEDGER = """
L1 More debits at once than an account covers
  core/requests/test_money.py::test_l1_more_debits_than_the_account_covers
L2 Overdraft by a cent, nothing, less than nothing, beyond all bounds
  core/requests/test_b2c_payment.py::test_l2_the_balance_is_spent_to_the_cent
  wire/test_b2c_payment.py::test_l2_what_is_no_amount
  core/ledger/test_postings.py::test_l9_check_form
  core/ledger/test_book.py::test_l2_a_balance_has_a_bound
L3 Opposite transfers at once
  core/requests/test_b2b_payment.py::test_l3_opposite_transfers_at_once
  kill/test_payments.py::test_l3_l14_no_death_loses_or_doubles_a_payment
L4 Reversals, twice and of each other
  core/requests/test_reversal.py::test_l4_reversals_at_once
  core/requests/test_reversal.py::test_l4_the_rest_of_what_was_reversed
  core/requests/test_reversal.py::test_l4_a_reversal_of_a_reversal
  storage/test_parties.py::test_l4_the_store_takes_one_reversal_of_a_transaction
L5 A reversal when the money is spent
  core/requests/test_reversal.py::test_l5_the_receiver_has_spent_it
  core/requests/test_reversal.py::test_l5_what_is_left_covers_some
L6 A settlement killed between its steps
  core/requests/test_funds.py::test_l6_an_outage_takes_all_of_it_back
  core/requests/test_funds.py::test_l6_a_restart_finds_all_or_nothing
  kill/test_payments.py::test_l6_a_settlement_killed_between_its_steps
L7 A settlement run twice
  core/requests/test_funds.py::test_l7_a_second_settlement_does_nothing
L8 Charges owed block a withdrawal
  core/requests/test_funds.py::test_l8_charges_block_a_withdrawal_until_they_are_settled
L9 Two currencies in one posting
  core/ledger/test_postings.py::test_l9_check_form
  storage/test_sums.py::test_l9_two_currencies_in_one_posting
  storage/test_books.py::test_l11_whatever_was_changed_is_named
L10 The sum is zero after every commit
  storage/test_sums.py::test_l10_what_does_not_sum_to_zero
  storage/test_sums.py::test_l10_an_entry_more_afterwards
  storage/test_sums.py::test_l10_entries_of_no_posting
  storage/test_sums.py::test_l10_an_account_keeps_its_currency
  storage/test_books.py::test_l11_whatever_was_changed_is_named
L11 Every balance is the sum of its entries
  storage/test_money.py::test_l11_a_replay_leaves_the_balances_right
  storage/test_books.py::test_l11_whatever_was_changed_is_named
L12 Changing or deleting a row of the journal
  storage/test_money.py::test_l12_the_journal_is_append_only
L13 A row of the journal changed by somebody above all rules
  storage/test_money.py::test_l13_whatever_was_changed_is_named
  storage/test_money.py::test_l13_who_mends_a_seal_breaks_the_next
L14 Balances read during transfers, through HTTP
  kill/test_payments.py::test_l3_l14_no_death_loses_or_doubles_a_payment
L15 The text of a balance
  wire/test_balance_text.py::test_l15_round_trip
L16 Tariffs at their bounds
  core/ledger/test_tariffs.py::test_l16_charge
  core/ledger/test_tariffs.py::test_l16_shares
L17 Two transactions of the database in each other's way
  storage/postgres/test_connection.py::test_l17_a_transaction_in_anothers_way
  core/test_cycle.py::test_l17_another_transaction_in_the_way
  core/test_cycle.py::test_l17_a_transaction_that_stays_in_the_way
  core/requests/test_outages.py::test_l17_an_outage_loses_and_doubles_nothing
  core/requests/test_outages.py::test_l17_a_transaction_that_stays_in_the_way
"""

"""The fault catalogue's rows on the organization's side (C), and their tests, as in `tests/catalogue.py`."""

from tests.catalogue_rows import read

EXPECTED = [f"C{number}" for number in range(1, 17)]
"""Every id of this part of the catalogue."""

TABLE = """
C1 Clocks that are wrong or jump
  client/test_asking.py::test_c1_a_refused_token_is_renewed_once
  client/test_asking.py::test_c1_a_token_is_renewed_early
  client/test_orders.py::test_c1_a_token_that_was_refused
  journeys/test_client.py::test_c1_a_revoked_token_is_replaced
  journeys/test_client.py::test_c1_a_token_that_has_run_out
C2 A hundred tasks and a token that ends
  client/test_sharing.py::test_c2_a_token_that_all_see_refused
  client/test_sharing.py::test_c2_tasks_share_a_token
  client/test_sharing.py::test_c2_threads_share_a_token
  client/test_sharing.py::test_c2_threads_that_see_a_token_refused
C3 A token endpoint that is down, slow or odd
  wire/test_answers.py::test_c3_a_token
  wire/test_answers.py::test_c3_no_token
  client/test_asking.py::test_c3_a_lifetime_that_is_not_said
  client/test_asking.py::test_c3_the_token_endpoint_is_out_of_order
  client/test_asking.py::test_c3_the_token_endpoint_recovers
  client/test_sharing.py::test_c3_tasks_share_a_failure
  journeys/test_client.py::test_c3_the_token_endpoint_fails_twice
C4 A request whose outcome is unknown
  client/test_asking.py::test_c4_an_outcome_that_nobody_knows
  client/test_following.py::test_c4_a_cancelled_task_is_told
  client/test_following.py::test_c4_an_interruption_is_told
  client/test_orders.py::test_c4_a_doubt
  client/test_orders.py::test_c4_nothing_is_sent_twice
  client/test_orders.py::test_c4_what_never_leaves
  client/test_orders.py::test_c4_what_never_left_is_sent_again
  client/test_transport.py::test_c4_a_server_that_hangs_up
  tracker/test_at_once.py::test_c4_nobody_knows
  tracker/test_lost_orders.py::test_c4_a_doubt_is_no_refusal
  tracker/test_lost_orders.py::test_c4_an_ambiguous_failure_becomes_a_status_query
  tracker/test_lost_orders.py::test_c4_an_id_of_the_callers
  tracker/test_lost_orders.py::test_c4_what_nobody_can_ask_about_is_a_persons
  tracker/test_lost_orders.py::test_c4_whoever_ordered_died
  tracker/test_prompts.py::test_c4_a_query_without_an_answer
  tracker/test_prompts.py::test_c4_an_ambiguous_failure
  tracker/test_results.py::test_c4_an_unknown_outcome_and_its_result
  tracker/test_results.py::test_c4_an_unknown_outcome_is_asked_for
  tracker/test_results.py::test_c4_whoever_asked_died
  journeys/test_client.py::test_c4_faults
  journeys/test_client_orders.py::test_c4_a_prompt_whose_acknowledgement_is_lost
  journeys/test_client_orders.py::test_c4_what_never_arrived
  kill/test_organization.py::test_c4_c5_c6_c7_c8_c13_every_request_ends_once
C5 A callback that is lost
  tracker/test_lost_orders.py::test_c5_a_lost_result_is_asked_for
  tracker/test_payments.py::test_c5_what_nobody_confirms_is_a_persons
  tracker/test_prompts.py::test_c5_a_lost_callback_is_asked_for
  tracker/test_results.py::test_c5_a_lost_result_is_asked_for_again
  tracker/test_results.py::test_c5_so_often_and_no_more
  journeys/test_client_orders.py::test_c5_a_prompt_whose_callback_is_lost
  journeys/test_client_orders.py::test_c5_one_payment_moves_whatever_is_lost
  journeys/test_client_orders.py::test_c5_one_reversal_whatever_is_lost
  kill/test_organization.py::test_c4_c5_c6_c7_c8_c13_every_request_ends_once
C6 Forged callbacks
  receiver/test_app.py::test_c6_c11_what_is_no_callback_leaves_nothing
  receiver/test_app.py::test_c6_only_from_the_networks_on_the_list
  receiver/test_judging.py::test_at_the_address_of_its_request
  receiver/test_judging.py::test_at_the_endpoint
  receiver/test_keys.py::test_c6_a_key_that_differs_in_one_place
  receiver/test_keys.py::test_c6_a_key_with_spaces
  receiver/test_keys.py::test_c6_anything_else_is_none
  tracker/test_lost_orders.py::test_c6_another_payment_was_reversed
  tracker/test_lost_orders.py::test_c6_what_was_not_ordered
  tracker/test_payments.py::test_c6_a_payment_that_never_was
  tracker/test_payments.py::test_c6_a_wrong_amount_does_not_keep_the_right_one_out
  tracker/test_at_once.py::test_c6_a_result_of_it
  tracker/test_prompts.py::test_c6_another_amount
  tracker/test_prompts.py::test_c6_nobody_can_post_an_answer
  tracker/test_results.py::test_c6_forgeries_change_nothing
  tracker/test_results.py::test_c6_the_right_ids_at_the_wrong_address
  kill/test_organization.py::test_c4_c5_c6_c7_c8_c13_every_request_ends_once
C7 The same callback many times
  tracker/test_handling.py::test_c7_c13_an_effect_in_the_records_transaction
  tracker/test_results.py::test_c7_ten_times_the_same
  tracker/test_results.py::test_c7_the_same_in_other_bytes
  tracker/test_shells.py::test_c7_many_threads_wait_for_one_result
  journeys/test_client_orders.py::test_c7_a_result_that_comes_twice
  kill/test_organization.py::test_c4_c5_c6_c7_c8_c13_every_request_ends_once
C8 Acknowledgement, notice and result in every order
  receiver/test_judging.py::test_at_the_address_of_its_request
  receiver/test_judging.py::test_at_the_endpoint
  tracker/test_lost_orders.py::test_c8_a_success_in_every_order
  tracker/test_orders.py::test_c8_a_failure_in_every_order
  tracker/test_orders.py::test_c8_a_success_in_every_order
  tracker/test_orders.py::test_c8_at_the_endpoint_ids_are_waited_for
  kill/test_organization.py::test_c4_c5_c6_c7_c8_c13_every_request_ends_once
C9 A result after which more follows
  wire/test_callbacks.py::test_c9_more_may_follow
  receiver/test_judging.py::test_at_the_address_of_its_request
  tracker/test_results.py::test_c9_more_follows
C10 Shapes that the documents disagree about
  wire/test_callbacks.py::test_c10_an_alphanumeric_code
  wire/test_callbacks.py::test_c10_forms_that_mean_the_same
  wire/test_callbacks.py::test_c10_the_transaction_of_the_page
C11 Garbage, giants and slow senders
  wire/test_callbacks.py::test_c11_what_is_no_callback
  receiver/test_app.py::test_c11_a_slow_sender
  receiver/test_app.py::test_c6_c11_what_is_no_callback_leaves_nothing
  receiver/test_judging.py::test_at_the_address_of_its_request
  tracker/test_results.py::test_c11_half_a_character_in_a_result
  tracker/test_results.py::test_c11_half_a_character_in_an_id
C12 Balances in an unknown form
  wire/test_answered.py::test_c12_a_balance_that_cannot_be_read
  wire/test_answered.py::test_c12_an_unknown_account_survives
  receiver/test_judging.py::test_at_the_address_of_its_request
  tracker/test_results.py::test_c12_an_answer_in_an_unknown_form
C13 A death between keeping a callback and answering it
  tracker/test_handling.py::test_c13_a_death_between_keeping_and_answering
  tracker/test_handling.py::test_c7_c13_an_effect_in_the_records_transaction
  kill/test_organization.py::test_c4_c5_c6_c7_c8_c13_every_request_ends_once
C14 Secrets in what is shown
  wire/test_answers.py::test_c14_no_repr_shows_a_secret
  client/test_secrets.py::test_c14_a_password_that_cannot_be_used
  client/test_secrets.py::test_c14_neither_errors_nor_logs_tell
  client/test_secrets.py::test_c14_no_repr_shows_a_secret
C15 Servers that are not who they should be
  client/test_asking.py::test_c15_a_redirect_is_not_followed
  client/test_asking.py::test_c15_a_server_that_is_not_trusted
  client/test_settings.py::test_c15_no_secret_goes_there
  client/test_transport.py::test_c15_a_certificate_that_is_not_good
C16 Spike arrest and quota
  client/test_asking.py::test_c16_a_quota_is_final
  client/test_asking.py::test_c16_a_spike_arrest_is_waited_for
  client/test_asking.py::test_c16_jitter_stays_within_patience
  client/test_asking.py::test_c16_patience_ends
  journeys/test_client.py::test_c16_a_spike_arrest_passes
  journeys/test_client.py::test_c16_throttles
"""

ROWS = read(TABLE)
"""The table as rows."""

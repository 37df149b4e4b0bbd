"""The fault catalogue's rows on input (I), access (A), throttling (T), the pipeline (P) and the ledger (L).

Below a row stand the tests that carry its id, as paths below ``tests``; ``not yet`` says what of the row no
test proves and why, ``not here`` why it cannot happen. A test carries the id as a word of its name or at the
beginning of the id of one of its cases (``i2-...``). The platform's promises P1 to P7 are other things: names
spell them ``promise_1`` to ``promise_7``. ``tests/tidy/test_catalogue.py`` holds this page to its word.
"""

from tests.catalogue_ledger import LEDGER
from tests.catalogue_rows import read

EXPECTED = [
    f"{letter}{number}"
    for letter, last in (("I", 25), ("A", 17), ("T", 11), ("P", 27), ("L", 17))
    for number in range(1, last + 1)
]
"""Every id of these five parts of the catalogue."""


TABLE = """
I1 Bodies that are no JSON, or more than one
  journeys/test_requests.py::test_a_body_that_is_no_object
I2 One member twice
  journeys/test_requests.py::test_a_body_that_is_no_object
I3 JSON that is no object
  journeys/test_requests.py::test_a_body_that_is_no_object
  journeys/test_catalogue_input.py::test_i3_what_is_no_object
I4 Bodies a byte, a hundred megabytes and endlessly too long
  journeys/test_requests.py::test_i4_the_largest_body
  journeys/test_catalogue_input.py::test_i4_a_hundred_megabytes
  journeys/test_catalogue_input.py::test_i4_an_endless_stream
  journeys/test_catalogue_frames.py::test_i4_an_endless_body_after_the_answer
  journeys/test_catalogue_frames.py::test_i4_a_body_after_the_answer_hurts_nobody
  platform/http/test_connection.py::test_a_body_after_its_answer
I5 Bodies that are dear to parse
  journeys/test_requests.py::test_a_body_that_is_no_object
  journeys/test_catalogue_input.py::test_i5_the_densest_bodies_cost_little
  journeys/test_catalogue_input.py::test_i5_what_is_too_large_is_never_read
  wire/test_strict_json.py::test_says_why_not
I6 Members of another type
  journeys/test_parameters.py::test_i6_a_bad_member_is_refused_by_name
I7 Members that are missing
  journeys/test_parameters.py::test_i6_a_bad_member_is_refused_by_name
I8 Unknown, misspelt and spaced members
  journeys/test_parameters.py::test_i8_unknown_members_are_ignored_and_named
  journeys/test_parameters.py::test_i8_spaced_keys
  journeys/test_parameters.py::test_i8_a_balance_query_knows_no_spaced_keys
I9 Another CommandID
  journeys/test_parameters.py::test_i9_another_command
  journeys/test_parameters.py::test_i6_a_bad_member_is_refused_by_name
I10 Forms of PartyA
  journeys/test_parameters.py::test_i6_a_bad_member_is_refused_by_name
  journeys/test_catalogue_input.py::test_i10_short_codes_of_five_to_nine_digits
  journeys/test_catalogue_input.py::test_i10_only_ascii_digits
I11 Forms of IdentifierType
  journeys/test_parameters.py::test_i6_a_bad_member_is_refused_by_name
I12 The length of Remarks and Occasion, in code points
  journeys/test_parameters.py::test_i6_a_bad_member_is_refused_by_name
  journeys/test_parameters.py::test_every_allowed_form_is_accepted
  journeys/test_catalogue_input.py::test_odd_remarks_are_kept_as_they_are
  not yet: what the portal shows of them; it has no page for requests
I13 NUL, half characters and other encodings
  journeys/test_requests.py::test_a_body_that_is_no_object
  journeys/test_parameters.py::test_i6_a_bad_member_is_refused_by_name
I14 Texts that look like others
  journeys/test_catalogue_input.py::test_odd_remarks_are_kept_as_they_are
  journeys/test_catalogue_input.py::test_i14_a_name_that_looks_alike_is_another
  cli/test_log_lines.py::test_i14_no_terminal_obeys_what_callers_wrote
  not yet: what the portal shows of them; it has no page for requests
I15 Numbers that are none, or beyond all bounds
  journeys/test_requests.py::test_a_body_that_is_no_object
  journeys/test_catalogue_input.py::test_i15_numbers_beyond_all_bounds
  wire/test_strict_json.py::test_says_why_not
I16 Strange receipts
  journeys/test_endings.py::test_a11_i16_i17_an_ending
  journeys/test_catalogue_input.py::test_i16_a_strange_receipt_is_not_found
I17 No subject, or two that disagree
  journeys/test_parameters.py::test_i17_a_status_query_needs_a_subject
  journeys/test_endings.py::test_a11_i16_i17_an_ending
I18 Callback addresses of another form
  journeys/test_parameters.py::test_i6_a_bad_member_is_refused_by_name
  journeys/test_catalogue_input.py::test_i18_no_such_callback_address
  wire/test_urls.py::test_i18_refuses_in_words
I19 Callback addresses that lead inside
  delivery/test_courier.py::test_b_i19_metadata_is_never_called
  not yet: over a whole platform, since the sandbox may call private addresses; production's rules have their
  own tests in delivery/test_addresses.py, and no metric counts what they refuse
I20 One address for both callbacks
  journeys/test_catalogue_input.py::test_i20_one_address_for_both
I21 Credentials of another form, and ciphertexts of nothing
  journeys/test_parameters.py::test_i6_a_bad_member_is_refused_by_name
  vault/test_credentials.py::test_i21_an_odd_shape_is_unreadable_noise
  vault/test_credentials.py::test_a14_i21_a_malformed_block_is_one_wrong_password_like_any_other
I22 Other media types and compressed bodies
  journeys/test_requests.py::test_i22_another_content_type
  journeys/test_requests.py::test_i22_a_compressed_body
  journeys/test_catalogue_input.py::test_i22_a_bomb_is_not_opened
  journeys/test_catalogue_input.py::test_i22_a_form_of_several_parts
I23 Other methods
  journeys/test_requests.py::test_i23_another_method
  journeys/test_catalogue_input.py::test_i23_trace_is_a_method_like_any_other
  journeys/test_catalogue_input.py::test_i23_a_method_that_nobody_knows
  journeys/test_catalogue_input.py::test_i23_no_method_at_all
I24 Other paths, and what the query says
  journeys/test_requests.py::test_i24_an_unknown_path
  journeys/test_requests.py::test_i24_a_query_string_does_not_matter
  journeys/test_catalogue_input.py::test_i24_another_way_to_write_the_path
I25 HTTP that two readers read differently, and heads without end
  journeys/test_catalogue_frames.py::test_a_frame_that_can_be_read_twice
  journeys/test_catalogue_frames.py::test_i25_what_follows_a_short_length
  journeys/test_catalogue_frames.py::test_what_is_not_read_is_refused_by_the_book
  journeys/test_catalogue_frames.py::test_i25_the_first_answer_is_the_first_requests
  platform/http/test_connection.py::test_heads
  platform/http/test_connection.py::test_heads_that_two_readers_read_differently

A1 Authorization headers of another form
  journeys/test_requests.py::test_a1_a_missing_or_malformed_header
  journeys/test_requests.py::test_a1_the_scheme_in_any_case
A2 The second at which a token ends
  core/access/test_tokens.py::test_expires_to_the_second_a2
  journeys/test_access.py::test_a2_a_token_lives_for_an_hour
A3 Tokens that differ a little
  journeys/test_catalogue_access.py::test_a3_a_token_with_any_bit_flipped
  journeys/test_catalogue_access.py::test_a3_every_part_of_a_token_is_no_token
  vault/test_tokens.py::test_a3_every_other_character_at_every_position_is_refused
  vault/test_tokens.py::test_a3_a_token_of_other_keys_is_refused
  timing/test_timing.py::test_a3_bad_tokens_are_not_told_apart
A4 Another app's short code
  journeys/test_lives.py::test_a4_a_stranger_locks_nobody
A5 An API that the app was not given
  journeys/test_access.py::test_a5_an_app_without_the_product
A6 Tokens that were taken back
  core/access/test_tokens.py::test_first_reason_wins_a6
  journeys/test_access.py::test_a6_a_revoked_token_is_dead
  journeys/test_process.py::test_a6_a_token_revoked_beside_is_dead_within_a_second
  journeys/test_oauth.py::test_a6_a_disabled_app_gets_no_token
  cli/test_apps.py::test_a6_a_token_holds_until_the_apps_tokens_are_ended
  journeys/test_acts.py::test_a6_one_token_is_revoked
  journeys/test_acts.py::test_a6_all_tokens_of_an_app_are_revoked
  not yet: rotation of a secret and suspension of an organization, which nothing does yet
A7 Guesses at a consumer secret
  core/access/test_guesses.py::test_a7_so_many_at_once_and_one_a_second
  core/access/test_guesses.py::test_a7_keys_do_not_share
  core/access/test_guesses.py::test_a7_keys_are_bounded
  gateway/test_oauth.py::test_a7_more_guesses_than_allowed
  gateway/test_oauth.py::test_a7_the_right_secret_is_never_held_up
  journeys/test_catalogue_access.py::test_a7_guesses_are_counted_by_key_and_hurt_nobody
  journeys/test_catalogue_access.py::test_a7_guesses_flow_back
  journeys/test_catalogue_access.py::test_a7_a_stopped_clock_keeps_nobody_out
A8 Token requests of another form
  journeys/test_oauth.py::test_a8_another_authentication_is_refused
  journeys/test_oauth.py::test_a8_another_grant_type_is_refused
  journeys/test_oauth.py::test_a8_only_get_grants
  journeys/test_oauth.py::test_a8_a_secret_may_hold_colons
A9 A thousand token requests at once
  journeys/test_catalogue_access.py::test_a9_a_thousand_tokens_at_once
A10 Tokens outside their header
  journeys/test_catalogue_access.py::test_a10_a_token_counts_in_its_header_alone
  journeys/test_catalogue_access.py::test_a10_a_token_in_the_body_is_not_kept
A11 Initiators that may not ask
  journeys/test_endings.py::test_a11_i16_i17_an_ending
A12 Passwords that expire
  journeys/test_lives.py::test_a12_a_password_lives_for_90_days
  not yet: a password that changes while a request waits, since nothing changes passwords yet
A13 Wrong passwords, then the right one
  journeys/test_lives.py::test_a13_five_wrong_passwords_lock
  journeys/test_acts.py::test_a13_an_unlock_forgets_wrong_passwords
  not yet: unlocking in the portal, audited; the sandbox's control unlocks
A14 Ciphertexts that probe the padding
  journeys/test_catalogue_access.py::test_a14_bad_ciphertexts_are_told_apart_by_nobody
  journeys/test_catalogue_access.py::test_a14_the_acknowledgement_leaves_before_the_credential_is_opened
  vault/test_credentials.py::test_a14_whatever_it_is_there_is_one_decryption
  vault/test_credentials.py::test_a14_garbage_never_raises
  vault/test_credentials.py::test_a14_i21_a_malformed_block_is_one_wrong_password_like_any_other
  timing/test_timing.py::test_a14_bad_credentials_are_not_told_apart
A15 The same request again
  journeys/test_catalogue_access.py::test_a15_the_same_bytes_again_are_another_query
A16 Tokens that choose how they are verified
  not here: tokens are 28 opaque characters without a header; there is no algorithm to choose
A17 Times that tell who exists
  gateway/test_oauth.py::test_a17_who_is_not_proven_is_answered_in_nobodys_profile
  journeys/test_catalogue_access.py::test_a17_a_throttle_tells_no_key
  timing/test_timing.py::test_a17_the_answer_does_not_tell_who_is_an_initiator
  timing/test_timing.py::test_a17_consumer_keys_are_not_told_apart
  timing/test_timing.py::test_a17_nor_when_guesses_are_too_many

T1 More than a burst
  core/access/test_throttles.py::test_burst_over_the_limit_t1
  core/access/test_throttles.py::test_places_flow_in_evenly_t1
  core/access/test_throttles.py::test_rest_gives_one_burst_and_no_more_t1
  journeys/test_throttles.py::test_t1_spike_arrest
  journeys/test_throttles.py::test_t1_the_bucket_refills_evenly
T2 More than a day's quota
  core/access/test_throttles.py::test_slow_but_over_quota_t2
  journeys/test_throttles.py::test_t2_a_quota_lasts_until_midnight_utc
T3 Both at once
  core/access/test_throttles.py::test_both_exceeded_t3
T4 A flood beside another app
  journeys/test_throttles.py::test_t4_one_apps_spike_is_not_anothers
  journeys/test_catalogue_throttle.py::test_t4_a_flood_refuses_nobody_else
  platform/http/test_rests.py::test_t4_a_flood_is_refused_so_often_and_no_more
  timing/test_neighbours.py::test_t4_how_long_a_flood_makes_others_wait
T5 Several apps of one organization
  journeys/test_catalogue_throttle.py::test_t5_limits_are_an_apps_not_an_organizations
T6 Clocks that jump
  core/access/test_throttles.py::test_a_clock_set_forward_gives_no_burst_t6
  core/access/test_throttles.py::test_a_clock_set_back_opens_no_second_day_t6
  core/access/test_throttles.py::test_a_monotonic_pause_gives_one_burst_t6
  core/access/test_throttles.py::test_monotonic_time_that_steps_back_locks_nobody_out_t6
  journeys/test_catalogue_throttle.py::test_t6_a_step_of_the_wall_clock_changes_nothing
  journeys/test_catalogue_throttle.py::test_t6_a_clock_set_back_opens_no_second_day
T7 Limits after a restart
  core/access/test_throttles.py::test_quota_counts_what_the_store_counted_t7
  journeys/test_lives.py::test_p20_t7_ids_and_quotas_survive_a_restart
  journeys/test_catalogue_throttle.py::test_t7_a_restart_gives_one_burst_at_most
T8 Two processes, one limit
  core/access/test_throttles.py::test_gateways_share_spike_arrest_t8
  kill/shared/test_sharing.py::test_t8_a_quota_is_one_for_both_gateways
  platform/processes/test_gateways.py::test_a_gateway_lets_pass_its_part_of_spike_arrest_t8
T9 Refused requests and the quota
  core/access/test_throttles.py::test_refused_requests_do_not_count_t9
  core/access/test_throttles.py::test_a_quota_refusal_does_not_count_t9
  journeys/test_throttles.py::test_t9_quota
  journeys/test_catalogue_throttle.py::test_t9_a_stranger_burns_nobodys_quota
T10 A full queue
  core/requests/test_intake.py::test_the_door_is_shut_at_the_bound_t10
  journeys/test_throttles.py::test_t10_overload
T11 Thousands of silent connections
  journeys/test_catalogue_throttle.py::test_connections_that_say_nothing
  platform/http/test_connection.py::test_silence
  platform/http/test_sources.py::test_t11_where_a_connection_comes_from
  platform/http/test_sources.py::test_t11_one_source_has_so_many_connections

P1 SIGKILL at each of eleven stages
  journeys/test_faults_and_death.py::test_p1_what_is_kept_back_outlives_a_kill
  kill/test_kills.py::test_p1_no_death_loses_an_acknowledged_request
  storage/sqlite/test_store.py::test_p1_a_crash_at_any_moment_of_a_unit
P2 A worker dies with work in its hands
  kill/shared/test_shared_kills.py::test_p2_p3_no_death_on_postgresql_loses_an_acknowledged_request
  kill/shared/test_phones.py::test_p2_no_death_loses_a_customers_answer
  kill/shared/test_sharing.py::test_p2_the_waiting_core_decides_soon_after_the_others_death
  kill/shared/test_sharing.py::test_p2_paused_processes_neither_decide_nor_deliver_beside_others
  platform/processes/test_delivery.py::test_p2_a_look_that_fails_after_its_claim_is_made_good
P3 The database server dies
  kill/shared/test_shared_kills.py::test_p2_p3_no_death_on_postgresql_loses_an_acknowledged_request
  storage/postgres/test_crashes.py::test_p3_p5_another_transaction_of_the_same_number_is_no_proof
  journeys/test_outages.py::test_p3_p4_a_store_out_of_reach_declines
P4 The store is away for a while
  kill/test_trouble.py::test_p4_p6_p8_a_store_out_of_reach
  journeys/test_outages.py::test_p3_p4_a_store_out_of_reach_declines
  storage/sqlite/test_store.py::test_p4_a_locked_file_is_out_of_reach_until_it_is_free
  kill/shared/test_sharing.py::test_p4_an_outage_longer_than_every_lease
P5 A connection dies during COMMIT
  core/test_cycle_doubts.py::test_p5_nobody_is_told_before_it_is_known
  storage/postgres/test_connection.py::test_p5_a_connection_that_dies_during_commit
  storage/postgres/test_crashes.py::test_p3_p5_another_transaction_of_the_same_number_is_no_proof
P6 A full disk
  kill/test_trouble.py::test_p4_p6_p8_a_store_out_of_reach
P7 fsync fails
  kill/test_power.py::test_p7_an_fsync_that_fails
  kill/test_power.py::test_p7_no_fsync_succeeds
  kill/test_power.py::test_p7_a_death_after_an_fsync_that_failed
  storage/sqlite/test_durability.py::test_p7_a_disk_that_refuses_is_said_and_nothing_changes
P8 Our own files cannot be written
  kill/test_trouble.py::test_p4_p6_p8_a_store_out_of_reach
P9 Death between a delivery and its record
  delivery/test_outbox.py::test_p9_recovery_after_a_crash
  kill/test_two_deaths.py::test_p9_two_deaths_of_one_attempt_end_it
  journeys/test_catalogue_pipeline.py::test_p24_p9_what_a_stop_interrupts_leaves_once_more
P10 Receivers that refuse or break off
  delivery/test_courier.py::test_p10_nobody_listens
  delivery/test_courier.py::test_a_bad_answer_is_a_fault
P11 Receivers that are endlessly slow
  delivery/test_courier.py::test_a_bad_answer_is_a_fault
  delivery/test_outbox.py::test_p11_a_host_that_times_out_falls_back
P12 An answer just in time, and just too late
  delivery/test_courier.py::test_p12_an_answer_just_in_time_counts
  journeys/test_catalogue_pipeline.py::test_the_limit_of_an_answer
P13 Redirects
  delivery/test_courier.py::test_p13_redirects_are_not_followed
P14 Answers without end
  delivery/test_courier.py::test_p14_success_is_judged_by_the_status_alone
  delivery/test_courier.py::test_a_bad_answer_is_a_fault
  journeys/test_catalogue_pipeline.py::test_what_a_receiver_said_is_recorded
P15 Receivers whose TLS is not right
  delivery/test_tls.py::test_p15_a_wrong_certificate_is_refused
  delivery/test_tls.py::test_p15_an_unknown_authority_is_refused
  delivery/test_tls.py::test_p15_old_versions_are_refused
  delivery/test_tls.py::test_p15_there_is_no_way_back_to_http
  delivery/test_tls.py::test_p15_a_close_in_the_middle_of_the_handshake
P16 Receivers that say no
  delivery/test_courier.py::test_p16_the_status_decides
  journeys/test_catalogue_pipeline.py::test_what_a_receiver_said_is_recorded
P17 Names that do not resolve, or lead inside
  delivery/test_courier.py::test_p17_an_unknown_name
  delivery/test_courier.py::test_b_p17_the_resolved_address_is_judged
  delivery/test_names.py::test_p17_a_name_that_leads_nowhere
  delivery/test_names.py::test_p17_only_the_public_address_is_called
  delivery/test_names.py::test_p17_rebinding_on_the_second_lookup
  delivery/test_names.py::test_p17_a_name_that_is_put_right
  delivery/test_names.py::test_p17_rebinding_under_one_courier
  delivery/test_names.py::test_p17_every_look_up_is_vetted
  delivery/test_names.py::test_p17_a_lost_question_is_asked_again
  delivery/test_names.py::test_p17_spellings_of_a_name
  delivery/test_names.py::test_p17_a_silent_name_server_delays_no_neighbour
  delivery/test_name_shares.py::test_p17_nobody_waits_for_ever
P18 One dead receiver among many
  delivery/test_courier.py::test_p18_a_dead_receiver_among_ten
  delivery/test_outbox.py::test_p18_hosts_take_turns
  delivery/test_outbox.py::test_p18_dead_hosts_never_hold_all_places
  delivery/test_names.py::test_p18_one_look_up_for_all_who_wait
  delivery/test_names.py::test_p18_ten_silent_name_servers_delay_nobody
  timing/test_neighbours.py::test_p18_one_dead_receiver_among_a_hundred
P19 Requests that wait too long
  core/requests/test_processor.py::test_p19_queue_timeout
  journeys/test_endings.py::test_p19_a_request_that_waited_too_long
  journeys/test_faults_of_results.py::test_p19_a_held_request_times_out
  journeys/test_faults_of_results.py::test_p19_a_held_request_times_out_in_natural_time
P20 The caller's own id again
  journeys/test_access.py::test_p20_an_own_id_is_accepted_once
  journeys/test_access.py::test_p20_another_app_may_use_the_same_id
  journeys/test_access.py::test_p20_of_many_at_once_one_is_accepted
  journeys/test_lives.py::test_p20_t7_ids_and_quotas_survive_a_restart
  journeys/test_catalogue_pipeline.py::test_p20_fifty_at_once_with_one_id
P21 A result that overtakes its acknowledgement
  journeys/test_catalogue_pipeline.py::test_p21_a_result_may_overtake_its_acknowledgement
  journeys/test_faults_of_answers.py::test_p21_a_callback_comes_before_its_acknowledgement
P22 Two clocks that disagree
  platform/test_clock.py::test_p22_the_stores_time_counts_whatever_the_machine_shows
P23 An upgrade with a full queue
  storage/test_migrate.py::test_p23_an_upgrade_loses_nothing_that_is_open
  not yet: the way back to the older schema: a backup from before the upgrade is the only one
P24 An orderly end under load
  kill/test_orderly_ends.py::test_p24_a_signal_under_load_drains
  journeys/test_process.py::test_p24_it_drains_and_ends
  journeys/test_process.py::test_p24_an_acknowledgement_that_a_fault_keeps_back_leaves_at_the_end
  journeys/test_catalogue_pipeline.py::test_p24_p9_what_a_stop_interrupts_leaves_once_more
P25 A request that breaks whoever decides it
  core/requests/test_processor.py::test_p25_a_decision_that_fails
  core/requests/test_processor.py::test_p25_an_outcome_that_the_store_refuses
  journeys/test_endings.py::test_p25_a_fault_of_ours_is_17
  core/requests/test_recovery.py::test_p25_each_is_named_while_it_is_decided
  core/requests/test_recovery.py::test_p25_each_is_named_while_its_facts_are_read
  core/requests/test_recovery.py::test_p25_three_deaths_are_enough
  core/requests/test_recovery.py::test_p25_suspects_come_last_and_alone
  core/requests/test_recovery.py::test_p25_suspects_wait_for_deliveries
  core/requests/test_recovery.py::test_p25_an_outage_gives_nobody_another_chance
  platform/test_deaths.py::test_p25_a_death_is_counted_by_the_next_process
  platform/test_deaths.py::test_p25_what_was_put_down_is_not_blamed
  platform/test_deaths.py::test_p25_each_death_is_an_error_in_the_log
  platform/test_deaths.py::test_p25_what_is_not_open_is_forgotten
  kill/test_poison.py::test_p25_requests_that_kill_at_every_start
P26 Memory runs out
  core/test_cycle.py::test_p26_a_lack_of_memory_is_no_rows_fault
  delivery/test_courier_dropping.py::test_p26_a_lack_of_memory_is_no_attempts_end
  kill/test_memory.py::test_p26_memory_runs_out
  platform/http/test_connection.py::test_p26_a_lack_of_memory_is_no_bad_request
  platform/test_fatal.py::test_only_a_lack_of_memory_in_a_callback_ends_everything
P27 A backup made under load
  kill/test_backup.py::test_p27_a_backup_under_load_is_whole
  kill/test_states.py::test_p27_what_is_brought_back_under_load_keeps_the_promises
  not yet: a snapshot that is brought back takes up the deliveries that were open in it; nothing can forbid it
"""

ROWS = read(TABLE + LEDGER)
"""The table as rows."""

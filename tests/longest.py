"""Which tests take longest, and the order that lets each worker begin with its share of them."""

from __future__ import annotations

import pytest

LONGEST = (
    "tests/architecture/test_tools.py::test_the_tree_passes[types]",
    "tests/chaos/test_kill.py::test_a_hundred_kills_lose_no_step_and_repeat_no_change",
    "tests/smoke/test_drills.py::test_postroom_is_broken_and_healed_by_its_own_runbook",
    "tests/smoke/test_demo.py::test_the_demo_heals_proves_it_and_leaves_nothing_behind",
    "tests/watch/test_api_schema.py::test_the_api_does_what_its_document_says",
    "tests/watch/test_real_prometheus.py::test_a_real_alert_opens_an_incident_and_its_end_is_an_all_clear",
    "tests/smoke/test_drills.py::test_arms_are_compared_on_the_same_fault",
    "tests/smoke/test_postroom.py::test_workers_killed_at_random_lose_nothing_and_deliver_nothing_twice",
    "tests/smoke/test_demo.py::test_ctrl_c_in_a_terminal_reaches_everything_and_leaves_no_process",
    "tests/smoke/test_drills.py::test_a_way_back_that_does_not_help_is_told_and_ends_the_drill",
    "tests/smoke/test_demo.py::test_a_demo_that_is_interrupted_or_killed_leaves_no_process",
    "tests/smoke/test_ending.py::test_stop_ends_every_process_of_the_step",
    "tests/chaos/test_failpoints.py::test_a_crash_in_any_window_is_seen_through",
    "tests/smoke/servers/test_sqlite_steps.py::test_a_change_cut_off_in_its_transaction_is_in_doubt_and_says_what_is_known",
    "tests/watch/test_intake.py::test_a_database_that_somebody_locks_is_no_yes_and_nothing_hangs",
    "tests/chaos/test_power_cut.py::test_a_torn_journal_and_torn_files_lose_no_step_and_repeat_no_change",
    "tests/watch/test_kill.py::test_no_accepted_alert_is_lost_and_every_page_goes_out",
    "tests/smoke/test_postroom.py::test_stuck_workers_are_seen_and_a_restart_heals_them",
    "tests/smoke/servers/test_servers.py::test_prometheus",
    "tests/smoke/test_drills.py::test_what_is_not_healed_is_no_success_and_the_fault_is_out",
    "tests/smoke/test_postroom.py::test_exhausted_connections_are_seen_and_a_new_api_has_new_ones",
    "tests/smoke/test_postroom.py::test_a_new_supervisor_takes_over_what_a_killed_one_left",
    "tests/smoke/test_postroom.py::test_a_backlog_is_seen_and_more_workers_clear_it",
    "tests/smoke/test_postroom.py::test_a_slow_store_is_seen_and_cancelling_its_session_heals_it",
)
"""What takes longest begins first, so that no core is left with it alone at the end."""


def first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Each worker's share of the longest, before its share of the rest in the order it has."""
    long = sorted((item for item in items if _place(item) < len(LONGEST)), key=_place)
    others = [item for item in items if _place(item) == len(LONGEST)]
    dealt: list[pytest.Item] = []
    left = len(items)
    for number in range(workers):
        share = long[number::workers]
        size = left // (workers - number)  # as `--dist worksteal` divides the list
        left -= size
        filled = max(0, size - len(share))
        dealt += [*share, *others[:filled]]
        del others[:filled]
    return [*dealt, *others]


def _place(item: pytest.Item) -> int:
    found = (place for place, name in enumerate(LONGEST) if item.nodeid.startswith(name))
    return next(found, len(LONGEST))

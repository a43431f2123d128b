"""What a round goes through; each call is one act of one user, one transaction, one audit row or more."""

from evaluations.appeals.corrections import (
    agree_to_correction,
    drop_correction,
    leave_uncorrected,
    propose_correction,
    withdraw_member,
    withdraw_unit,
)
from evaluations.appeals.services import (
    decide_appeal,
    end_appeals,
    lodge_appeal,
    mark_published,
)
from evaluations.consequences.deciding import Decision, set_aside
from evaluations.consequences.deciding import decide as decide_dispositions
from evaluations.consequences.ending import follow_the_calendar, fulfil, lift, note_restored
from evaluations.consequences.papers import check as check_paper
from evaluations.consequences.papers import hand_in as hand_in_paper
from evaluations.consequences.services import register_consequences
from evaluations.consequences.serving import Service, receive
from evaluations.consequences.serving import serve as serve_dispositions
from evaluations.gathering.entries.services import confirm as confirm_entries
from evaluations.gathering.entries.services import enter as enter_in_grid
from evaluations.gathering.entries.services import name_indicators
from evaluations.gathering.entries.taking import take_ratings
from evaluations.gathering.services import (
    begin_gathering,
    end_gathering,
    reopen_channel,
    set_channel_aside,
    set_due,
    settle_channel,
)
from evaluations.planning.following import follow_round
from evaluations.polling.services import (
    cancel_round,
    close_round,
    import_counts,
    open_round,
    prepare_ballot,
    set_closing_time,
    tally_round,
)
from evaluations.results.services import (
    approve_round,
    begin_correction,
    compute_round,
    current_result,
    return_result,
    serve_round,
    sign_off_round,
)
from evaluations.rounds.services import (
    choose_departments,
    create_round,
    edit_round,
    freeze_subjects,
    plan_slips,
    set_shares,
)
from evaluations.schemes.services import activate_scheme, load_schemes

__all__ = [
    "Decision",
    "Service",
    "activate_scheme",
    "agree_to_correction",
    "approve_round",
    "begin_correction",
    "begin_gathering",
    "cancel_round",
    "check_paper",
    "choose_departments",
    "close_round",
    "compute_round",
    "confirm_entries",
    "create_round",
    "current_result",
    "decide_appeal",
    "decide_dispositions",
    "drop_correction",
    "edit_round",
    "end_appeals",
    "end_gathering",
    "enter_in_grid",
    "follow_round",
    "follow_the_calendar",
    "freeze_subjects",
    "fulfil",
    "hand_in_paper",
    "import_counts",
    "leave_uncorrected",
    "lift",
    "load_schemes",
    "lodge_appeal",
    "mark_published",
    "name_indicators",
    "note_restored",
    "open_round",
    "plan_slips",
    "prepare_ballot",
    "propose_correction",
    "receive",
    "register_consequences",
    "reopen_channel",
    "return_result",
    "serve_dispositions",
    "serve_round",
    "set_aside",
    "set_channel_aside",
    "set_closing_time",
    "set_due",
    "set_shares",
    "settle_channel",
    "sign_off_round",
    "take_ratings",
    "tally_round",
    "withdraw_member",
    "withdraw_unit",
]

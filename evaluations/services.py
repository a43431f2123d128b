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
from evaluations.gathering.entries.services import confirm as confirm_entries
from evaluations.gathering.entries.services import enter as enter_in_grid
from evaluations.gathering.entries.services import name_indicators
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
    "activate_scheme",
    "agree_to_correction",
    "approve_round",
    "begin_correction",
    "begin_gathering",
    "cancel_round",
    "choose_departments",
    "close_round",
    "compute_round",
    "confirm_entries",
    "create_round",
    "current_result",
    "decide_appeal",
    "drop_correction",
    "edit_round",
    "end_appeals",
    "end_gathering",
    "enter_in_grid",
    "follow_round",
    "freeze_subjects",
    "import_counts",
    "leave_uncorrected",
    "load_schemes",
    "lodge_appeal",
    "mark_published",
    "name_indicators",
    "open_round",
    "plan_slips",
    "prepare_ballot",
    "propose_correction",
    "reopen_channel",
    "return_result",
    "serve_round",
    "set_channel_aside",
    "set_due",
    "set_shares",
    "settle_channel",
    "sign_off_round",
    "tally_round",
    "withdraw_member",
    "withdraw_unit",
]

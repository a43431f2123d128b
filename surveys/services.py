"""What other rooms may ask of surveys; each call is one transaction and one audit row.

`cast_ballot` and its like are the exception: no user, no audit row, no job, no time.
"""

from surveys.box.archiving import (
    bring_bundle_back,
    keeps_bundle,
    let_ballots_go,
    move_bundle_out,
    stored_ballots,
    why_bundle_does_not_stand,
)
from surveys.box.closing import close_survey
from surveys.box.explaining import explain_control
from surveys.box.handing_over import hand_over_bundle, hand_over_results, make_results_bundle
from surveys.box.opening import freeze_survey, open_survey
from surveys.box.photos import Photo
from surveys.box.preparing import create_survey, prepare_slips, set_closing, set_form
from surveys.box.public_board import write_board
from surveys.box.tallying import import_counts, tally_survey
from surveys.box.voiding import void_survey
from surveys.comments.settling import (
    confirm_comment,
    confirm_several,
    erase_originals,
    propose_for_several,
    propose_paraphrase,
    propose_withholding,
    send_back_comment,
)
from surveys.paper.data_entry import Typed, key_sheet, require_turn
from surveys.paper.exchanging import exchange_for_paper
from surveys.paper.labels import finish_keying, make_labels, set_aside_sheet
from surveys.respondents.pools.drawing import Wanted, draw_from_pool, replace_drawn, take_names
from surveys.respondents.pools.filling import fill_stratum, keep_due, release_due
from surveys.sittings.day import (
    Counted,
    finish_sitting,
    forget_voters,
    record_attendance,
    record_batch_counts,
    record_witnesses,
    reopen_sitting,
    take_invitations,
)
from surveys.sittings.figures import sitting_controls
from surveys.sittings.planning import (
    When,
    cancel_sitting,
    change_sitting,
    draw_invitations,
    keep_contact_list,
    plan_sitting,
)
from surveys.slips.counting import count_batch
from surveys.slips.printed import PrintedSlip
from surveys.slips.printing import print_batch, stream_slips_pdf
from surveys.slips.replacing import hold_slip, refuse_held, replace_held
from surveys.slips.taking_back import TakenBack, take_back_slip

__all__ = [
    "Counted",
    "Photo",
    "PrintedSlip",
    "TakenBack",
    "Typed",
    "Wanted",
    "When",
    "bring_bundle_back",
    "cancel_sitting",
    "change_sitting",
    "close_survey",
    "confirm_comment",
    "confirm_several",
    "count_batch",
    "create_survey",
    "draw_from_pool",
    "draw_invitations",
    "erase_originals",
    "exchange_for_paper",
    "explain_control",
    "fill_stratum",
    "finish_keying",
    "finish_sitting",
    "forget_voters",
    "freeze_survey",
    "hand_over_bundle",
    "hand_over_results",
    "hold_slip",
    "import_counts",
    "keep_contact_list",
    "keep_due",
    "keeps_bundle",
    "key_sheet",
    "let_ballots_go",
    "make_labels",
    "make_results_bundle",
    "move_bundle_out",
    "open_survey",
    "plan_sitting",
    "prepare_slips",
    "print_batch",
    "propose_for_several",
    "propose_paraphrase",
    "propose_withholding",
    "record_attendance",
    "record_batch_counts",
    "record_witnesses",
    "refuse_held",
    "release_due",
    "reopen_sitting",
    "replace_drawn",
    "replace_held",
    "require_turn",
    "send_back_comment",
    "set_aside_sheet",
    "set_closing",
    "set_form",
    "sitting_controls",
    "stored_ballots",
    "stream_slips_pdf",
    "take_back_slip",
    "take_invitations",
    "take_names",
    "tally_survey",
    "void_survey",
    "why_bundle_does_not_stand",
    "write_board",
]

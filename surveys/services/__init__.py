"""What other rooms may ask of surveys; each call is one transaction and one audit row.

`cast_ballot` and its like are the exception: no user, no audit row, no job, no time.
"""

from surveys.services.closing import close_survey
from surveys.services.comments import (
    confirm_comment,
    erase_originals,
    propose_paraphrase,
    propose_withholding,
    send_back_comment,
)
from surveys.services.exchanging import exchange_for_paper
from surveys.services.explaining import explain_control
from surveys.services.handing_over import hand_over_bundle, hand_over_results, make_results_bundle
from surveys.services.keying import Typed, key_sheet, require_turn
from surveys.services.opening import freeze_survey, open_survey
from surveys.services.paper import finish_keying, make_labels, set_aside_sheet
from surveys.services.preparing import create_survey, prepare_slips, set_form
from surveys.services.printing import PrintedSlip, print_batch, stream_slips_pdf
from surveys.services.taking_back import TakenBack, take_back_slip
from surveys.services.tallying import import_counts, tally_survey

__all__ = [
    "PrintedSlip",
    "TakenBack",
    "Typed",
    "close_survey",
    "confirm_comment",
    "create_survey",
    "erase_originals",
    "exchange_for_paper",
    "explain_control",
    "finish_keying",
    "freeze_survey",
    "hand_over_bundle",
    "hand_over_results",
    "import_counts",
    "key_sheet",
    "make_labels",
    "make_results_bundle",
    "open_survey",
    "prepare_slips",
    "print_batch",
    "propose_paraphrase",
    "propose_withholding",
    "require_turn",
    "send_back_comment",
    "set_aside_sheet",
    "set_form",
    "stream_slips_pdf",
    "take_back_slip",
    "tally_survey",
]

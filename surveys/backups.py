"""What a backup may hold of a vote: nothing while it goes on, and no order ever.

Two backups made during a vote would differ by the ballots cast in between, and a restored one would
let people vote twice. So surveys that are frozen or open leave their slips and ballots out, and a
restore discards them: their issuing keys are not in the backup either. The rest is shuffled first.
Nor does a backup hold what clerks have read on paper: that leaves the database once it is sealed.
"""

from __future__ import annotations

from django.db.models import QuerySet

from office import audit, backups
from surveys.keys import shuffle
from surveys.models import Ballot, PaperReading, PaperSheet, Slip, SlipBatch, Stratum, Survey


def finished_slips() -> QuerySet[Slip]:
    return Slip._base_manager.exclude(batch__survey__state__in=Survey.GOING_ON)


def finished_ballots() -> QuerySet[Ballot]:
    return Ballot._base_manager.exclude(stratum__survey__state__in=Survey.GOING_ON)


def finished_sheets() -> QuerySet[PaperSheet]:
    """Return the paper sheets of surveys whose paper is keyed; their content lies in the bundle."""
    return PaperSheet._base_manager.filter(survey__paper_finished=True, marks="", matter="", suggestion="")


def no_readings() -> QuerySet[PaperReading]:
    return PaperReading._base_manager.none()


def shuffled() -> None:
    shuffle.shuffle()


def discard_unfinished() -> list[str]:
    done = []
    for survey in Survey.objects.filter(state__in=Survey.GOING_ON):
        audit.record("恢复备份后作废评价表", survey, acting_user=None)
        done.append(f"“{survey.title}”的评价尚未截止，已作废：原凭条不能再用，请重新制票。")
        Ballot.objects.filter(stratum__survey=survey).delete()
        Slip.objects.filter(batch__survey=survey).delete()
        SlipBatch.objects.filter(survey=survey).delete()
        Stratum.objects.filter(survey=survey).delete()
        survey.delete()
    return done


def register() -> None:
    backups.before_backup(shuffled)
    backups.leave_out("surveys.Slip", finished_slips)
    backups.leave_out("surveys.Ballot", finished_ballots)
    backups.leave_out("surveys.PaperSheet", finished_sheets)
    backups.leave_out("surveys.PaperReading", no_readings)
    backups.after_restore(20, discard_unfinished)

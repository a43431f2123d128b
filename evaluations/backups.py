"""Rounds after a restore: one whose vote was going on goes back to where slips are prepared."""

from __future__ import annotations

from evaluations.models import Round
from office import audit, backups
from office.files import stored
from office.safekeeping import drills


def go_back_to_preparing() -> list[str]:
    """Take rounds with prepared or open votes back to their frozen list; their survey is discarded."""
    done = []
    voting = Round.objects.filter(state__in=(Round.State.PREPARED, Round.State.OPEN), survey__isnull=False)
    for round_ in voting:
        before = round_.get_state_display()
        round_.survey = None
        round_.state = Round.State.FROZEN
        round_.save(update_fields=["survey", "state"])
        audit.record(
            "恢复备份后退回制票",
            round_,
            acting_user=None,
            before={"状态": before},
            after={"状态": round_.get_state_display()},
        )
        done.append(f"轮次“{round_.title}”已退回“{round_.get_state_display()}”，请重新制票、开始评价。")
    return done


def register() -> None:
    """The step runs before `surveys` discards the surveys themselves."""
    backups.after_restore(10, go_back_to_preparing)
    drills.prove_by("verify_results", "评价结果")
    backups.keep_folder("evidence", stored.private, "evidence")
    backups.keep_folder("rectification", stored.private, "rectification")

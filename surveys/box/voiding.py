"""A survey that is given up: nobody votes any more, nobody counts, no key is left."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from office import audit, roles
from office.errors import Refused
from office.jobs import services as jobs
from surveys.box import photos
from surveys.keys import keyring, shuffle
from surveys.models import Ballot, Slip, Survey

if TYPE_CHECKING:
    from office.models import User


def void_survey(*, survey: Survey, acting_user: User) -> Survey:
    """Void all slips, erase sealed ballots that were not handed over yet, destroy every key kept here.

    A bundle that was already written stays as it is, for the inspectorate; with the tally key on this
    server it can no longer be opened by anybody.
    """
    roles.require(acting_user, "round.cancel")
    with transaction.atomic():
        shuffle.hold_still()
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        if survey.state == Survey.State.VOID:
            raise Refused("评价表已经作废")
        if survey.state not in Survey.OVER:
            Ballot.objects.filter(stratum__survey=survey).delete()
        Slip.objects.filter(batch__survey=survey, state=Slip.State.UNUSED).update(state=Slip.State.VOID)
        survey.state, survey.tally_key_file = Survey.State.VOID, {}
        survey.save(update_fields=["state", "tally_key_file"])
        audit.record("作废评价表", survey, acting_user=acting_user)
        jobs.enqueue("surveys.void", {"survey": survey.pk}, acting_user=acting_user)
        public_id = survey.public_id
        transaction.on_commit(lambda: destroy_keys(public_id))
        transaction.on_commit(partial(photos.remove, survey))
    return survey


def destroy_keys(public_id: str) -> None:
    """Destroy what is left; also done by the job, should the process die after the commit."""
    keyring.destroy_issuers(public_id)
    keyring.destroy_box(public_id)

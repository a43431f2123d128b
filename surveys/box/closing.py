"""The close: no ballot after it, none lost before it, no order left behind, no key left to sign with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from office import audit, roles
from office.errors import Refused
from office.jobs import services as jobs
from surveys.box import photos
from surveys.keys import keyring, shuffle, turnout
from surveys.models import Survey
from surveys.slips.taking_back import who_took_back

if TYPE_CHECKING:
    from office.models import User


def close_survey(*, survey: Survey, acting_user: User) -> Survey:
    """Close the box. Votes on their way either are in before, or are told that it is closed.

    The issuer keys go at once; shuffling and exporting the bundle follow as a durable job.
    """
    roles.require(acting_user, "round.close")
    with transaction.atomic():
        shuffle.hold_still()
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        if survey.state != Survey.State.OPEN:
            raise Refused("只有正在进行的评价才能截止")
        survey.state = Survey.State.CLOSED
        survey.save(update_fields=["state"])
        turnout.store_turnout(survey)
        after = {"登记退回": who} if (who := who_took_back(survey)) else {}
        audit.record("截止评价", survey, acting_user=acting_user, after=after)
        public_id = survey.public_id
        transaction.on_commit(lambda: keyring.destroy_issuers(public_id))  # before a worker hears of the job
        transaction.on_commit(partial(photos.remove, survey))
        jobs.enqueue("surveys.bundle", {"survey": survey.pk}, acting_user=acting_user)
    return survey

"""Counts: made by the custodian and imported, or made here with the passphrase (the weaker mode)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import transaction

from office import audit, roles
from office.errors import Refused
from surveys.ballots import keyfile
from surveys.ballots.bundle import Bundle, BundleFault
from surveys.ballots.control import Control
from surveys.ballots.controls import CountsFault, check_counts
from surveys.ballots.counting import count_bundle, counts_file
from surveys.box import bundles, controls
from surveys.box.opening import unlocked
from surveys.box.refusing import refused
from surveys.comments.settling import split_comments
from surveys.models import Survey

if TYPE_CHECKING:
    from office.models import User

Json = dict[str, Any]
Progress = Callable[[int, int], None]
WHAT_TO_DO = "请逐项查明原因，由纪检监察人员在“核对情况”中说明后再办理："
OF_A_GROUP = ("name", "keys", "counted", "spoiled", "packets")
TRY_AGAIN = "选票和密钥都在，可以再次计票。"


def tally_survey(
    *, survey: Survey, passphrase: str, acting_user: User, progress: Progress | None = None
) -> Survey:
    """Check, open and count with the key on the server; in the foreground, in memory only."""
    roles.require(acting_user, "survey.tally")
    survey = _closed(survey)
    if not survey.key_on_server:
        raise Refused("计票密钥由保管人离线保管，不能在服务器上计票", "请导入保管人交来的计票结果文件。")
    private = unlocked(survey, passphrase)
    bundle = bundles.read(survey)
    found = _check(survey, bundle)
    if keyfile.public_key(private) != keyfile.read_public(bundle.public["tally_key"]):
        raise Refused("计票密钥与本次问卷不符", TRY_AGAIN)
    count = count_bundle(bundle, private, progress=progress)
    if count.forged:
        raise Refused(f"票箱中有{len(count.forged)}张选票的签名不成立", f"请先查明原因。{TRY_AGAIN}")
    return _store(survey, bundle, counts_file(bundle, count), found, acting_user)


def import_counts(*, survey: Survey, content: bytes, acting_user: User) -> Survey:
    roles.require(acting_user, "survey.tally")
    survey = _closed(survey)
    try:
        counts = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise Refused("无法读取计票结果文件", "请使用计票程序写出的原件。") from fault
    bundle = bundles.read(survey)
    found = _check(survey, bundle)
    return _store(survey, bundle, counts, found, acting_user)


def _closed(survey: Survey) -> Survey:
    survey = Survey.objects.get(pk=survey.pk)
    if survey.state not in Survey.OVER:
        raise Refused("打票尚未截止，不能计票", "请先截止打票。")
    return survey


def _check(survey: Survey, bundle: Bundle) -> list[Control]:
    """A changed bundle, or a broken inequality that nobody explained, names itself and stops here."""
    try:
        changed = bundle.faults()
        found = [] if changed else controls.controls_of(survey)
    except BundleFault as fault:
        raise refused(fault, TRY_AGAIN) from fault
    faults = changed or [each.said for each in controls.blocking(survey, found)]
    if faults:
        raise Refused("清点核对不成立，不能计票", f"{TRY_AGAIN}{WHAT_TO_DO}", faults=faults)
    return found


def _store(  # the counts as they were handed in, and what was checked before
    survey: Survey, bundle: Bundle, counts: Json, found: list[Control], acting_user: User
) -> Survey:
    try:
        check_counts(counts, bundle)
    except CountsFault as fault:
        raise refused(fault) from fault
    strata = list(survey.strata.order_by("order"))
    names = [
        "+".join(each.kind for each in strata if each.key_id in group["keys"]) for group in counts["strata"]
    ]
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        survey.counts = dict(zip(names, (group["answers"] for group in counts["strata"]), strict=True))
        split_comments(survey, counts.get("comments"))
        survey.comments = counts["comments"]
        survey.controls = {
            "ballots": dict(zip(names, (group["counted"] for group in counts["strata"]), strict=True)),
            "spoiled": counts["spoiled"],
            "bundle": bundle.hash,
            "tracker_root": bundle.manifest["tracker_root"],
            "checked": [each.said for each in found],
            "faults": [each.said for each in found if not each.holds],
            **({"paper": counts["paper"]} if "paper" in counts else {}),
            "strata": [
                {"kind": name, **{part: group[part] for part in OF_A_GROUP if part in group}}
                for name, group in zip(names, counts["strata"], strict=True)
            ],
        }
        survey.state = Survey.State.COUNTED
        survey.save(update_fields=["counts", "comments", "controls", "state"])
        after = {"选票数": counts["ballots"], "计票包校验值": bundle.hash}
        audit.record("登记计票结果", survey, acting_user=acting_user, after=after)
    return survey

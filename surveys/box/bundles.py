"""The bundle of a closed survey: in the order of random credentials, signed by the box, written once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from office import audit
from office.errors import Refused
from office.files import stored
from surveys.ballots import enclosed
from surveys.ballots.bundle import Bundle, BundleFault, SlipRow
from surveys.ballots.casting import Cast
from surveys.ballots.controls import CountsFault, check_signed_counts
from surveys.ballots.counting import FORMAT, FORMER
from surveys.ballots.exporting import with_results, write_bundle
from surveys.ballots.paper import paper_member
from surveys.ballots.signing import NONCE, SIGNED_PARTS
from surveys.box.refusing import refused
from surveys.keys import keyring
from surveys.models import Ballot, Slip, SlipBatch, Survey
from surveys.paper import reconciliation
from surveys.slips import returned

CHUNK = 1000


def name_of(survey: Survey) -> str:
    return f"bundles/{survey.public_id}.zip"


def path_of(survey: Survey) -> Path:
    """The bundle of a closed survey as a file; it may not be there yet."""
    return stored.local_path(stored.private(), name_of(survey))


def exists(survey: Survey) -> bool:
    """Whether the bundle has been written."""
    return stored.private().exists(name_of(survey))


def is_away(survey: Survey) -> bool:
    """Whether a bundle was written and is kept elsewhere, or lost: it can never be written again."""
    written = Survey.objects.filter(pk=survey.pk).exclude(bundle_digest="")
    return not exists(survey) and written.exists()


def written_at(survey: Survey) -> datetime:
    return stored.private().get_modified_time(name_of(survey))


def paper_first() -> Refused:
    return Refused("纸质票还没有录完，计票包尚未写出", "请先结束纸质票录入。")


def read(survey: Survey) -> Bundle:
    """The bundle of a closed survey; written first if that has not happened yet."""
    if not exists(survey):
        if is_away(survey):
            raise Refused("计票包不在服务器上，可能已移出另存", "请联系系统管理员取回。")
        if reconciliation.waits_for_paper(survey):
            raise paper_first()
        make(survey)
    try:
        return Bundle(path_of(survey))
    except BundleFault as fault:
        raise refused(fault) from fault


def make(survey: Survey) -> None:
    """Write the bundle under a temporary name and rename it; then the box key goes too.

    May be run again at any time: a finished bundle is left as it is, and one whose paper is still being
    keyed is not begun.
    """
    survey = Survey.objects.get(pk=survey.pk)
    if exists(survey) or survey.state not in Survey.OVER:
        _remember(survey)
        return
    keyring.destroy_issuers(survey.public_id)
    if reconciliation.waits_for_paper(survey):
        return
    try:
        seed = keyring.box_seed(survey.public_id)
    except keyring.KeyGone:
        if exists(survey):  # another writer has just finished, and took the key away
            return
        raise
    batches = list(_batches(survey))
    back = returned.unused_back(survey)
    with stored.workshop() as folder:
        write_bundle(
            folder / "bundle.zip",
            public=survey.frozen(),
            ballots=stored_ballots(survey),
            slips=_slips(batches),
            batches=[_listed(batch, back[batch.pk]) for batch in batches],
            published_code_root=survey.code_root,
            key_on_server=survey.key_on_server,
            box_seed=seed,
            paper=_paper(survey),
        )
        stored.put_file(stored.private(), name_of(survey), folder / "bundle.zip")
    _remember(survey)
    keyring.destroy_box(survey.public_id)


def _remember(survey: Survey) -> None:
    """Note once which bundle was written: whoever kept a copy of the box's key could sign another."""
    if not survey.bundle_digest and exists(survey):
        digest = read(survey).hash
        with transaction.atomic():
            if Survey.objects.filter(pk=survey.pk, bundle_digest="").update(bundle_digest=digest):
                audit.record("写出计票包", survey, acting_user=None, after={"计票包校验值": digest})


def is_another(survey: Survey, bundle: Bundle) -> list[str]:
    """What to say where the bundle is not the one that was written after the close."""
    noted = Survey.objects.values_list("bundle_digest", flat=True).get(pk=survey.pk)
    if noted in ("", bundle.hash):  # earlier versions noted nothing before the tally
        return []
    return ["计票包不是截止后写出的那一份，可能被更换。请从备份或保管人处取回原件，并查明原因。"]


def _paper(survey: Survey) -> bytes | None:
    if not reconciliation.has_paper(survey):
        return None
    return paper_member(survey.frozen(), reconciliation.packets(survey), reconciliation.sheets(survey))


def results_path_of(survey: Survey, number: int) -> Path:
    """The bundle with the results of one computation as a file; it may not be there yet."""
    return stored.local_path(stored.private(), _results_name(survey, number))


def _results_name(survey: Survey, number: int) -> str:
    return f"bundles/{survey.public_id}-result-{number}.zip"


def make_with_results(survey: Survey, number: int, results: dict[str, bytes]) -> None:
    """Write the bundle once more with counts and results, for whoever verifies; replaces an earlier one.

    Where what voters wrote is erased already, the earlier one still has it under seal.
    """
    path = results_path_of(survey, number)
    bundle, counts = read(survey), counted(survey)
    given = enclosed.enclose(counts, bundle.public)
    if not counts["comments"] and path.exists():
        given[enclosed.NAME] = Bundle(path).read(enclosed.NAME)
    with stored.workshop() as folder:
        with_results(bundle, folder / "results.zip", results={**given, **results})
        stored.put_file(stored.private(), _results_name(survey, number), folder / "results.zip")


def counted(survey: Survey) -> dict[str, Any]:
    survey = Survey.objects.get(pk=survey.pk)
    bundle = read(survey)
    strata = [
        {
            **{name: part for name, part in group.items() if name != "kind"},
            "answers": survey.counts[group["kind"]],
        }
        for group in survey.controls["strata"]
    ]
    packets = sum(group.get("packets", 0) for group in strata)
    on_paper = {"packets": packets, "paper": survey.controls["paper"]} if packets else {}
    touched = {"touched": survey.controls["touched"]} if "touched" in survey.controls else {}
    return {
        **on_paper,
        **touched,
        "format": FORMAT if touched else FORMER,
        "survey": survey.public_id,
        "fp": survey.fingerprint,
        "bundle": survey.controls["bundle"],
        "ballots": bundle.size,
        "spoiled": survey.controls["spoiled"],
        "strata": strata,
        "comments": survey.comments,
        **{name: survey.controls[name] for name in SIGNED_PARTS if name in survey.controls},
    }


def recount_faults(survey: Survey, bundle: Bundle) -> list[str]:
    """What of the stored counts no longer fits the bundle or the custodian's signature.

    Comments are left out once they are erased, which takes their nonce too.
    """
    try:
        counts = counted(survey)
        if not counts["comments"] and NONCE not in counts:
            del counts["comments"]
        check_signed_counts(counts, bundle)
    except (CountsFault, KeyError, TypeError, AttributeError) as fault:
        why = str(fault) if isinstance(fault, CountsFault) else "所存的计票结果不完整。"
        return [f"所存的计票结果与计票时的不符：{why}"]
    return []


def _batches(survey: Survey) -> Iterator[SlipBatch]:
    printed = SlipBatch.objects.filter(survey=survey, is_printed=True)
    yield from printed.select_related("stratum", "town").order_by("number")


def _listed(batch: SlipBatch, back: int) -> dict[str, Any]:
    """A batch with its numbers: as they were entered, or else as the returned slips were scanned.

    What went out is a number of its own, never the rest of the others: then nothing could be wrong with it.
    """
    listed = {
        "id": str(batch.number),
        "key": batch.stratum.key_id,
        "town": batch.town.name,
        "printed": batch.size,
        "returned": batch.returned or back,
        "spoiled": batch.spoiled,
    }
    if batch.is_void:
        return {**listed, "void": True, "handed": 0, "returned": 0, "spoiled": 0}
    return listed if batch.handed_out is None else {**listed, "handed": batch.handed_out}


def _slips(batches: list[SlipBatch]) -> Iterator[SlipRow]:
    places = {batch.pk: place for place, batch in enumerate(batches)}
    printed = Slip.objects.filter(batch__in=batches)
    rows = printed.values_list("code_hash", "state", "batch_id", "is_returned")
    for code_hash, state, batch, is_returned in rows.iterator(chunk_size=CHUNK):
        yield SlipRow(bytes(code_hash), _listed_as(state, is_returned=is_returned), places[batch])


def _listed_as(state: str, *, is_returned: bool) -> str:
    """A slip still held at the close bought no other: it counts as what it was, redeemed."""
    if is_returned and state == Slip.State.VOID:
        return "returned"
    return Slip.State.REDEEMED if state == Slip.State.HELD else state


def stored_ballots(survey: Survey) -> Iterator[Cast]:
    """In the order of their credentials, which are random."""
    found = Ballot.objects.filter(stratum__survey=survey).select_related("stratum").order_by("credential")
    for ballot in found.iterator(chunk_size=CHUNK):
        yield Cast(
            key_id=ballot.stratum.key_id or "",
            prefix=bytes(ballot.prefix),
            credential=bytes(ballot.credential),
            sig=bytes(ballot.signature),
            seq=ballot.seq,
            sealed=bytes(ballot.sealed),
            edsig=bytes(ballot.credential_signature),
        )

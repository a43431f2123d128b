"""What of a counted survey may leave the database or this machine, and how it comes back.

Ballots stand in the sealed bundle, and all that is counted or verified later is read from there; slips stay,
they answer whoever scans one. A bundle may be kept elsewhere; what the public board needs of it stays.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from django.db import transaction

from office import audit
from office.errors import Refused
from office.files import stored
from surveys.ballots.bundle import Bundle, BundleFault
from surveys.ballots.exporting import public_part
from surveys.box import bundles, public_board
from surveys.models import Ballot, Survey

NOT_THE_SAME = "移出的文件与原件不一致，原件没有删除"


def stored_ballots(survey: Survey) -> int:
    """How many ballots of a survey the database holds."""
    return Ballot.objects.filter(stratum__survey=survey).count()


def keeps_bundle(survey: Survey) -> bool:
    return bundles.exists(survey)


def why_bundle_does_not_stand(survey: Survey) -> list[str]:
    """Why the bundle cannot stand for the ballots in the database; empty where it does."""
    survey = Survey.objects.get(pk=survey.pk)
    if survey.state != Survey.State.COUNTED:
        return ["尚未计票。"]
    if not bundles.exists(survey):
        return ["计票包不在服务器上。"]
    try:
        return _faults(survey, Bundle(bundles.path_of(survey)))
    except BundleFault as fault:
        return [str(fault)]


def _faults(survey: Survey, bundle: Bundle) -> list[str]:
    if not survey.bundle_digest:
        return ["截止后没有记下计票包的校验值。"]
    if found := bundle.faults() or bundles.is_another(survey, bundle):
        return found
    if found := bundles.recount_faults(survey, bundle):
        return found
    held = stored_ballots(survey)
    if held and not _are_in(survey, bundle):
        return [f"数据库中有{held}张选票，与计票包中的{bundle.size}张不是同样的选票。"]
    return []


def _are_in(survey: Survey, bundle: Bundle) -> bool:
    """Whether the stored ballots are those of the bundle, each byte of them."""
    if stored_ballots(survey) != bundle.size:
        return False
    pairs = zip(bundle.ballots(), bundles.stored_ballots(survey), strict=True)
    return all(one == other for one, other in pairs)


@transaction.atomic
def let_ballots_go(*, survey: Survey) -> int:
    """Delete the ballots of a survey whose bundle stands for them; from the command line alone."""
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    if faults := why_bundle_does_not_stand(survey):
        raise Refused("计票包不能代替选票，选票没有移出", faults=faults)
    number = stored_ballots(survey)
    Ballot.objects.filter(stratum__survey=survey).delete()
    after = {"选票": number, "计票包校验值": survey.bundle_digest}
    audit.record("从数据库移出选票", survey, acting_user=None, after=after)
    return number


def _names(survey: Survey) -> list[str]:
    start = f"bundles/{survey.public_id}"
    found = stored.names(stored.private(), "bundles")
    return [name for name in found if name == f"{start}.zip" or name.startswith(f"{start}-result-")]


@transaction.atomic
def move_bundle_out(*, survey: Survey, folder: Path) -> list[str]:
    """Copy the bundle and those with results into a folder, read them there again, and only then delete."""
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    if faults := why_bundle_does_not_stand(survey):
        raise Refused("计票包有误，没有移出", faults=faults)
    _leave_what_the_board_needs(survey)
    moved: dict[str, str] = {}
    for name in _names(survey):
        content = stored.take(stored.private(), name)
        target = folder / Path(name).name
        target.write_bytes(content)
        moved[target.name] = sha256(content).hexdigest()
        if sha256(target.read_bytes()).hexdigest() != moved[target.name]:
            raise Refused(NOT_THE_SAME)
    audit.record(
        "移出计票包",
        survey,
        acting_user=None,
        after={"文件": [f"{name}（SHA-256 {digest}）" for name, digest in moved.items()]},
    )
    names = _names(survey)
    transaction.on_commit(lambda: _delete(names))
    return list(moved)


def _delete(names: list[str]) -> None:
    for name in names:
        stored.private().delete(name)


def _leave_what_the_board_needs(survey: Survey) -> None:
    public_board.tracker_table(survey.public_id)
    content = public_part(Bundle(bundles.path_of(survey)))
    stored.put(stored.published(), public_board.kept_public_part(survey.public_id), content)


@transaction.atomic
def bring_bundle_back(*, survey: Survey, folder: Path) -> list[str]:
    """Take a bundle back from a folder by its name, if it is the one that was written after the close."""
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    source = folder / Path(bundles.name_of(survey)).name
    try:
        bundle = Bundle(source)
        faults = bundle.faults() or bundles.is_another(survey, bundle)
    except (BundleFault, FileNotFoundError) as fault:
        raise Refused(f"无法读取{source.name}，计票包没有取回") from fault
    if faults:
        raise Refused("这不是移出的计票包，没有取回", faults=faults)
    back = {path.name: path for path in [source, *sorted(folder.glob(f"{source.stem}-result-*.zip"))]}
    for name, path in back.items():
        stored.put_file(stored.private(), f"bundles/{name}", path)
    audit.record("取回计票包", survey, acting_user=None, after={"文件": list(back)})
    return list(back)

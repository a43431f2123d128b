"""Counts: made by the custodian and imported, or made here with the passphrase (the weaker mode)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.db import transaction

from office import audit, roles
from office.errors import Refused
from surveys.ballots import keyfile, plain_json, signing
from surveys.ballots.bundle import Bundle, BundleFault
from surveys.ballots.control import Control
from surveys.ballots.controls import CountsFault, check_signed_counts
from surveys.ballots.counting import count_bundle, counts_file
from surveys.ballots.encoding import Malformed, to_b64
from surveys.box import bundles, controls
from surveys.box.opening import unlocked
from surveys.box.refusing import refused
from surveys.comments.settling import check_comments, split_comments
from surveys.models import Survey

if TYPE_CHECKING:
    from office.models import User

Json = dict[str, Any]
Progress = Callable[[int, int], None]
WHAT_TO_DO = "请逐项查明原因，由纪检监察人员在“核对情况”中说明后再办理："
OF_A_GROUP = ("name", "keys", "counted", "spoiled", "packets", "alike")
SHORTEST_REASON = 10  # characters
MOST_SHOWN = 30  # changes in words
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
    fits = to_b64(keyfile.public_key(private)) == bundle.public["tally_key"]
    if not (fits and signing.fits(private, bundle.public)):
        raise Refused("计票密钥与本次评价表不符", TRY_AGAIN)
    count = count_bundle(bundle, private, progress=progress)
    if count.forged:
        raise Refused(f"票箱中有{len(count.forged)}张选票的签名不成立", f"请先查明原因。{TRY_AGAIN}")
    counts = signing.signed(counts_file(bundle, count), private, bundle.public)
    return _store(survey, bundle, counts, found, acting_user)


def import_counts(*, survey: Survey, content: bytes, acting_user: User, reason: str = "") -> Survey:
    """Take in what the custodian counted and signed; the inspectorate does, never who runs the round.

    Counts that are there already are replaced only with a reason; what changes is said, and kept.
    """
    roles.require(acting_user, "survey.import")
    survey = _closed(survey)
    try:
        counts = plain_json.parse(content)
    except Malformed as fault:
        raise Refused("无法读取计票结果文件", "请使用计票程序写出的原件。") from fault
    bundle = bundles.read(survey)
    found = _check(survey, bundle)
    return _store(survey, bundle, counts, found, acting_user, reason=reason.strip())


def _closed(survey: Survey) -> Survey:
    survey = Survey.objects.get(pk=survey.pk)
    if survey.state not in Survey.OVER:
        raise Refused("评价尚未截止，不能计票", "请先截止评价。")
    return survey


def _check(survey: Survey, bundle: Bundle) -> list[Control]:
    """A changed bundle, or a broken inequality that nobody explained, names itself and stops here."""
    try:
        changed = bundle.faults() or bundles.is_another(survey, bundle)
        found = [] if changed else controls.controls_of(survey)
    except BundleFault as fault:
        raise refused(fault, TRY_AGAIN) from fault
    faults = changed or [each.said for each in controls.blocking(survey, found)]
    if faults:
        raise Refused("清点核对不成立，不能计票", f"{TRY_AGAIN}{WHAT_TO_DO}", faults=faults)
    return found


def _store(  # the counts as they were handed in, and what was checked before
    survey: Survey,
    bundle: Bundle,
    counts: Json,
    found: list[Control],
    acting_user: User,
    *,
    reason: str = "",
) -> Survey:
    try:
        check_signed_counts(counts, bundle)
    except CountsFault as fault:
        raise refused(fault) from fault
    strata = list(survey.strata.order_by("order"))
    names = [
        "+".join(each.kind for each in strata if each.key_id in group["keys"]) for group in counts["strata"]
    ]
    check_comments(survey, counts.get("comments"))
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        changes: list[str] = []
        if survey.state == Survey.State.COUNTED:
            changes = differences(bundles.counted(survey), counts, survey.frozen()["form"])
            if not changes:  # the same once more
                return survey
        replaced = _replaced(survey, changes, reason, acting_user)
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
            **{name: counts[name] for name in ("paper", "touched") if name in counts},
            **{name: counts[name] for name in signing.SIGNED_PARTS if name in counts},
            "strata": [
                {"kind": name, **{part: group[part] for part in OF_A_GROUP if part in group}}
                for name, group in zip(names, counts["strata"], strict=True)
            ],
            "replaced": replaced,
        }
        survey.state = Survey.State.COUNTED
        survey.save(update_fields=["counts", "comments", "controls", "state"])
        after = {"选票数": counts["ballots"], "计票包校验值": bundle.hash}
        if changes:
            after |= {"理由": replaced[-1]["reason"], "改动": replaced[-1]["changes"]}
        verb = "替换计票结果" if changes else "登记计票结果"
        audit.record(verb, survey, acting_user=acting_user, after=after)
    return survey


def _replaced(survey: Survey, changes: list[str], reason: str, acting_user: User) -> list[Json]:
    """The replacements of a survey's counts, this one included; refused where nobody says why."""
    if not changes:
        return []
    if len(reason) < SHORTEST_REASON:
        raise Refused(
            "本轮已经登记过计票结果，这一份与之不同",
            f"确需替换的，请写明理由（不少于{SHORTEST_REASON}个字）后再次提交，理由和改动记入审计：",
            faults=_read_by(acting_user, changes),
        )
    made = {"by": str(acting_user), "reason": reason, "changes": changes[:MOST_SHOWN]}
    return [*survey.controls.get("replaced", []), made]


def _read_by(user: User, changes: list[str]) -> list[str]:
    """Numbers of one kind of voter on one person are the inspectorate's to read (docs/decisions/0009)."""
    if roles.allowed(user, "survey.results_bundle"):
        return changes[:MOST_SHOWN]
    return [f"改动{len(changes)}处，请纪检监察人员核对"]


def differences(old: Json, new: Json, form: Json) -> list[str]:
    """What other counts would change, in words; [] where they say the same.

    Comments that are erased cannot be compared.
    """
    names = dict(_subjects(form))
    told = []
    if old["spoiled"] != new["spoiled"]:
        told.append(f"废票：{sum(old['spoiled'].values())}张→{sum(new['spoiled'].values())}张")
    if old.get("paper") != new.get("paper"):
        told.append("纸质票的张数不同")
    told += _touched(old.get("touched"), new.get("touched"), names)
    before = {tuple(group["keys"]): group for group in old["strata"]}
    after = {tuple(group["keys"]): group for group in new["strata"]}
    if set(before) != set(after):
        told.append("合并统计的类别不同")
    for keys in before.keys() & after.keys():
        told += _in_group(before[keys], after[keys], names)
    is_erased = not old["comments"] and signing.MARK in old and signing.NONCE not in old
    if not is_erased and _remarks(old["comments"]) != _remarks(new["comments"]):
        numbers = (sum(map(len, part["comments"].values())) for part in (old, new))
        told.append("意见建议：{}条→{}条，内容不同".format(*numbers))
    return told


def _touched(old: dict[str, int] | None, new: dict[str, int] | None, names: dict[str, str]) -> list[str]:
    if old is None or new is None:
        return [] if old == new else ["评价过各单位的选票张数：只有一份计票结果列出"]
    return [
        f"评价过{names.get(key, key)}的选票：{old.get(key, '少于10')}张→{new.get(key, '少于10')}张"
        for key in old | new
        if old.get(key) != new.get(key)
    ]


def _in_group(old: Json, new: Json, names: dict[str, str]) -> list[str]:
    told = []
    if old["counted"] != new["counted"]:
        told.append(f"{old['name']}：有效票{old['counted']}张→{new['counted']}张")
    if old.get("alike") != new.get("alike"):
        told.append(f"{old['name']}：整张同答的张数不同")  # how many would tell of a single ballot
    for subject, questions in new["answers"].items():
        for question, numbers in questions.items():
            former = old["answers"].get(subject, {}).get(question, {})
            told += [
                f"{old['name']}，{names.get(subject, subject)}：{word}{former.get(word, 0)}→{number}"
                for word, number in numbers.items()
                if former.get(word, 0) != number
            ]
    return told


def _subjects(form: Json) -> Iterator[tuple[str, str]]:
    for department in form["departments"]:
        yield department["id"], department["name"]
        for section in department["sections"]:
            for person in section["persons"]:
                yield person["id"], f"{department['name']}{person['name']}"


def _remarks(comments: Json) -> Counter[tuple[str, str, str]]:
    return Counter(
        (department, entry["kind"], entry["text"])
        for department, entries in comments.items()
        for entry in entries
    )

"""Counting controls (清点核对): inequalities that a stuffed or thinned box cannot satisfy."""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from surveys.ballots import counting, forms, signing
from surveys.ballots.bundle import Bundle, SlipRow, code_root, tracker_root
from surveys.ballots.control import Control
from surveys.ballots.credentials import tracker
from surveys.ballots.forms import Json
from surveys.ballots.paper import packets_of
from surveys.ballots.paper_controls import paper_controls
from surveys.ballots.shapes import Amount, misfit

_INCOMPLETE = "计票结果文件不完整，请使用计票程序写出的原件。"
_COUNTS = {
    "bundle": str,
    "fp": str,
    "ballots": Amount,
    "spoiled": {str: Amount},
    "packets?": Amount,
    "paper?": {str: Amount},
    "strata": [
        {
            "name": str,
            "keys": [str],
            "counted": Amount,
            "spoiled": Amount,
            "packets?": Amount,
            "alike?": Amount,
            "answers": {str: {str: {str: object}}},
        }
    ],
    "touched?": {str: object},
}


class CountsFault(ValueError):  # noqa: N818 - says what it is
    """The counts file does not belong to the bundle or does not add up; the message is Chinese."""


def controls(bundle: Bundle) -> list[Control]:
    """Every control the bundle alone allows; numbers are counted again, not taken from the manifest."""
    slips = list(bundle.slips())
    states = Counter((row.batch, row.state) for row in slips)
    heads = [(cast.key_id, cast.credential) for cast in bundle.ballots()]
    ballots = Counter(key_id for key_id, _ in heads)
    return [
        *_lists(bundle, slips, [credential for _, credential in heads]),
        *_numbers(bundle, ballots),
        *[control for key in bundle.public["keys"] for control in _per_key(bundle, key, states, ballots)],
        *[
            control
            for place, batch in enumerate(bundle.batches)
            for control in _per_batch(place, batch, states)
        ],
        *paper_controls(bundle, slips),
    ]


def _lists(bundle: Bundle, slips: list[SlipRow], credentials: list[bytes]) -> list[Control]:
    hashes = [row.code_hash for row in slips]
    fixed = bundle.manifest["code_root"]
    listed = bundle.trackers()
    return [
        Control("codes_root", "票码清单与计票包所列的摘要一致", code_root(hashes) == fixed),
        Control("codes_once", "票码没有重复", len(set(hashes)) == len(hashes)),
        Control(
            "credentials_once",
            "选票凭证没有重复",
            all(one < next_one for one, next_one in pairwise(credentials)),
        ),
        Control(
            "trackers_listed",
            "回执名单与票箱中的选票一一对应",
            listed == sorted(map(tracker, credentials)),
        ),
        Control(
            "trackers_root",
            "回执名单与其摘要一致",
            tracker_root(listed) == bundle.manifest["tracker_root"],
        ),
    ]


def _numbers(bundle: Bundle, ballots: Counter[str]) -> list[Control]:
    listed = bundle.manifest["ballots"]
    counted = {key: ballots[key] for key in bundle.key_ids}
    return [Control("ballots_listed", "清单所列选票数与票箱一致", counted == listed)]


def _per_key(
    bundle: Bundle, key: Json, states: Counter[tuple[int, str]], ballots: Counter[str]
) -> list[Control]:
    """Ballots and the credentials that were bought; a slip replaced by another has bought one, too.

    Whoever cast with a slip and then had it replaced voted twice. Nobody can tell who, but where ballots
    exceed the slips that were not replaced it shows; that is the voter's doing and may be explained.
    """
    places = [
        place
        for place, batch in enumerate(bundle.batches)
        if batch["key"] == key["id"] and not batch.get("void")
    ]
    redeemed, replaced = (sum(states[place, state] for place in places) for state in ("redeemed", "replaced"))
    cast, name, with_them = ballots[key["id"]], key["stratum"], f"（含换发{replaced}张）" if replaced else ""
    said = f"{name}：选票{cast}张，不多于已兑换凭条{redeemed + replaced}张{with_them}"
    found = [Control(f"per_key:{key['id']}", said, cast <= redeemed + replaced)]
    if replaced:
        said = f"{name}：选票{cast}张，不多于已兑换且没有换发的凭条{redeemed}张"
        found.append(Control(f"per_key_replaced:{key['id']}", said, cast <= redeemed, explainable=True))
    return found


def _per_batch(place: int, batch: Json, states: Counter[tuple[int, str]]) -> list[Control]:
    """A void batch has handed out nothing; of one that nobody counted it is not known what went out."""
    name = f"{batch['town']}第{batch['id']}批"
    printed = batch["printed"]
    listed = sum(number for (at, _), number in states.items() if at == place)
    codes = Control(
        f"batch_codes:{batch['id']}",
        f"{name}：票码{listed}个，等于印制{printed}张",
        listed == printed,
        explainable=True,
    )
    if batch.get("void"):
        alive = listed - states[place, "void"]
        said = f"{name}：重新印制前已作废，已兑换、换纸质票、退回或恢复为未使用的凭条{alive}张，应为0张"
        return [codes, Control(f"batch_void:{batch['id']}", said, alive == 0)]
    if "handed" not in batch:
        said = f"{name}：印制{printed}张，没有清点发出、退回和损毁的张数"
        return [codes, Control(f"batch_counted:{batch['id']}", said, holds=True, uncounted=True)]
    return [codes, *_counted(name, place, batch, states)]


def _counted(name: str, place: int, batch: Json, states: Counter[tuple[int, str]]) -> list[Control]:
    printed, handed = batch["printed"], batch["handed"]
    used = sum(states[place, state] for state in ("redeemed", "paper", "void"))
    scanned = states[place, "returned"]
    parts = (handed, batch["returned"], batch["spoiled"])
    each = [
        ("batch_used", f"已兑换、换纸质票和作废共{used}张，不多于发出{handed}张", used <= handed),
        (
            "batch_sum",
            f"发出、退回和损毁{'+'.join(map(str, parts))}张，等于印制{printed}张",
            sum(parts) == printed,
        ),
        (
            "batch_returned",
            f"扫描退回的未用凭条{scanned}张，不多于登记退回和损毁{batch['returned'] + batch['spoiled']}张",
            scanned <= batch["returned"] + batch["spoiled"],
        ),
    ]
    return [
        Control(f"{key}:{batch['id']}", f"{name}：{said}", holds, explainable=True)
        for key, said, holds in each
    ]


def check_counts(counts: Json, bundle: Bundle) -> None:
    """The counts file fits the bundle, and every cell sums to the ballots of its stratum.

    Raises CountsFault.
    """
    if not isinstance(counts, dict) or "format" not in counts:
        raise CountsFault(_INCOMPLETE)
    is_former = counts["format"] == counting.FORMER
    if counts["format"] not in (counting.FORMAT, counting.FORMER) or is_former == ("touched" in counts):
        raise CountsFault("计票结果文件的格式版本不符，请使用同一版本的软件重新计票。")
    if misfit(counts, _COUNTS) is not None:
        raise CountsFault(_INCOMPLETE)
    packets = packets_of(bundle)
    _check_belongs(counts, bundle, packets)
    _check_sums(counts, bundle, packets)


def check_signed_counts(counts: Json, bundle: Bundle) -> None:
    """The counts fit the bundle as above, and the custodian signed them. Raises CountsFault."""
    check_counts(counts, bundle)
    if not signing.holds(counts, bundle.public):
        raise CountsFault("计票结果没有保管人的签名，或者签名以后被改动，请使用保管人计票程序写出的原件。")


def _check_belongs(counts: Json, bundle: Bundle, packets: dict[str, int]) -> None:
    if counts["bundle"] != bundle.hash or counts["fp"] != bundle.manifest["fp"]:
        raise CountsFault("计票结果不属于本次评价的计票包，请核对文件后重新导入。")
    if counts["ballots"] != bundle.size:
        raise CountsFault("计票结果所列选票总数与票箱不符。")
    if counts.get("packets", 0) != sum(packets.values()):
        raise CountsFault("计票结果所列纸质票份数与计票包不符。")
    key_ids = sorted(key_id for group in counts["strata"] for key_id in group["keys"])
    if key_ids != sorted(bundle.key_ids) or not all(group["keys"] for group in counts["strata"]):
        raise CountsFault("计票结果所列票种与计票包不符。")
    strata = {key["id"]: key["stratum"] for key in bundle.public["keys"]}
    for group in counts["strata"]:
        if group["name"] != "+".join(strata[key_id] for key_id in sorted(group["keys"])):
            raise CountsFault(f"计票结果所列票种名称“{group['name']}”与计票包不符。")


def _check_sums(counts: Json, bundle: Bundle, packets: dict[str, int]) -> None:
    boxes = Counter(bundle.manifest["ballots"]) + Counter(packets)
    form = bundle.public["form"]
    expected = shape_of(form)
    words = {choice["word"] for choice in form["choices"]}
    spoiled = sum(group["spoiled"] for group in counts["strata"])
    if spoiled != sum(counts["spoiled"].values()):
        raise CountsFault("计票结果所列废票数前后不一致。")
    for group in counts["strata"]:
        _check_numbers(group, boxes, packets)
        if {subject: set(questions) for subject, questions in group["answers"].items()} != expected:
            raise CountsFault(f"{group['name']}的评价对象或问题与评价表不符。")
        for subject, questions in group["answers"].items():
            for question, numbers in questions.items():
                if set(numbers) != words or not _adds_up(numbers, group["counted"]):
                    raise CountsFault(f"{group['name']}中{subject}（{question}）各档之和不等于有效票数。")
    if "touched" in counts:
        _check_touched(counts, form)


def _check_numbers(group: Json, boxes: Mapping[str, int], packets: dict[str, int]) -> None:
    if group.get("packets", 0) != sum(packets.get(key_id, 0) for key_id in group["keys"]):
        raise CountsFault(f"{group['name']}的纸质票份数与计票包不符。")
    if group["counted"] + group["spoiled"] != sum(boxes[key_id] for key_id in group["keys"]):
        raise CountsFault(f"{group['name']}的有效票与废票之和不等于选票数。")
    if group.get("alike", 0) > group["counted"] - group.get("packets", 0):
        raise CountsFault(f"{group['name']}的整张同答张数多于手机投的有效票数。")


def _check_touched(counts: Json, form: Json) -> None:
    """At least as many ballots say something of a department as of the person most judged, at most as many
    as there are answers; more than that only the tally key proves. Below ten the number is left out.
    """
    cells, unknown = forms.cells(form), forms.unknown_word(form)
    places = forms.places_of_departments(form)
    if not set(counts["touched"]) <= set(places):
        raise CountsFault("计票结果所列评价过各单位的选票与评价表不符。")
    voters = sum(group["counted"] for group in counts["strata"])
    for department in places:
        valid = [
            sum(
                group["counted"] - group["answers"][cells[place].subject][cells[place].question][unknown]
                for group in counts["strata"]
            )
            for place in places[department]
        ]
        least, most = max(valid), min(voters, sum(valid))
        number = counts["touched"].get(department)
        if number is None and least < counting.LEAST_BALLOTS:
            continue
        if type(number) is not int or not max(least, counting.LEAST_BALLOTS) <= number <= most:
            raise CountsFault(f"评价过{department}的选票张数与各档票数不符。")


def _adds_up(numbers: Json, total: int) -> bool:
    return all(type(number) is int and number >= 0 for number in numbers.values()) and (
        sum(numbers.values()) == total
    )


def shape_of(form: Json) -> dict[str, set[str]]:
    """Subject → ids of the questions asked about it."""
    found: dict[str, set[str]] = {}
    for department in form["departments"]:
        if department["questions"]:
            found[department["id"]] = {question["id"] for question in department["questions"]}
        for section in department["sections"]:
            for person in section["persons"]:
                found[person["id"]] = {question["id"] for question in section["questions"]}
    return found

"""Controls between exchanged slips, packets and sheets of paper."""

from collections import Counter

from surveys.ballots import forms
from surveys.ballots.bundle import Bundle, SlipRow
from surveys.ballots.control import Control
from surveys.ballots.paper import numbers_of


def paper_controls(bundle: Bundle, slips: list[SlipRow]) -> list[Control]:
    """Packets = slips exchanged, per key; sheets of a department ≤ packets, per group of strata.

    None if nobody exchanged a slip and the bundle has no paper. None of these can be explained away: a
    surplus sheet must be set aside by its number before the bundle is written.
    """
    exchanged = Counter(bundle.batches[row.batch]["key"] for row in slips if row.state == "paper")
    numbers = numbers_of(bundle)
    if not exchanged and numbers is None:
        return []
    if numbers is None:
        return [Control("paper_missing", f"换领纸质票{exchanged.total()}份，计票包中有纸质票", holds=False)]
    names = {key["id"]: key["stratum"] for key in bundle.public["keys"]}
    departments = {one["id"]: one["name"] for one in forms.sheets(bundle.public["form"])}
    found = []
    for key, packets in sorted(numbers["packets"].items()):
        said = f"{names[key]}：纸质票{packets}份，等于换领纸质票的凭条{exchanged[key]}张"
        found.append(Control(f"paper_packets:{key}", said, packets == exchanged[key]))
    for group in numbers["groups"]:
        packets = sum(numbers["packets"][key] for key in group["keys"])
        many = [
            f"{departments.get(department, department)}{number}张"
            for department, number in group["sheets"].items()
            if number > packets or department not in departments
        ]
        said = f"{'、'.join(names[key] for key in group['keys'])}：各单位的测评表都不多于纸质票{packets}份"
        if many:
            said = f"{said}（不符：{'、'.join(many)}）"
        found.append(Control(f"paper_sheets:{'+'.join(group['keys'])}", said, not many))
    return found

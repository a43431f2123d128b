"""The part of a bundle that everybody may have (公开核验包), and what can be verified from it alone."""

from pathlib import Path

from surveys.ballots import archive, forms, plain_json
from surveys.ballots.bundle import BundleFault, Region, tracker_root
from surveys.ballots.exporting import PUBLIC_FORMAT, SUMMARY, TRACKERS
from surveys.ballots.findings import Findings, read_posted
from surveys.ballots.forms import Json
from surveys.ballots.shapes import MORE_THAN_ANY, misfit

NOT_RECOUNTED = "公开核验包不含选票，不能重新计票。"
_SUMMARY = {
    "public": object,
    "fp": str,
    "bundle": str,
    "code_root": str,
    "tracker_root": str,
    "key_on_server": bool,
    "printed": {str: int},
    "ballots": int,
    "packets?": int,
}


class PublicPart:
    """A public part on disk; everything raises BundleFault."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._members = archive.members(path)
        content = self._read(SUMMARY)
        try:
            self._read_summary(content)
        except BundleFault:
            raise
        except ValueError as fault:
            raise BundleFault("公开核验包的摘要不完整或已被改动，请从票箱公示页重新下载。") from fault

    def _read_summary(self, content: bytes) -> None:
        self.summary: Json = plain_json.parse(content)
        if not isinstance(self.summary, dict) or "format" not in self.summary:
            raise ValueError("not a summary")
        if self.summary["format"] != PUBLIC_FORMAT:
            raise BundleFault("公开核验包的格式版本不符，请使用同一版本的软件。")
        if forms.canonical(self.summary).encode() != content:
            raise ValueError("another spelling")
        if misfit(self.summary, _SUMMARY) is not None:
            raise ValueError("another shape")
        self.public: Json = self.summary["public"]
        forms.check_public(self.public)
        self._check_numbers({key["id"] for key in self.public["keys"]})

    def _check_numbers(self, key_ids: set[str]) -> None:
        printed = self.summary["printed"]
        numbers = [*printed.values(), self.summary["ballots"], self.summary.get("packets", 0)]
        if not printed.keys() <= key_ids or not all(0 <= number < MORE_THAN_ANY for number in numbers):
            raise ValueError("of another survey, fewer than none or more than any")

    def _read(self, name: str) -> bytes:
        if name not in self._members:
            raise BundleFault(f"公开核验包缺少 {name}，请从票箱公示页重新下载。")
        start, size = self._members[name]
        return b"".join(Region(self.path, start, size).pieces())

    def trackers(self) -> list[str]:
        return self._read(TRACKERS).decode("ascii", "replace").split()


def is_public_part(path: Path) -> bool:
    """Whether the file says so; what cannot be read is for the reader of bundles to refuse."""
    try:
        return path.is_file() and SUMMARY in archive.members(path)
    except (OSError, ValueError):
        return False


def verify_public(part: PublicPart, *, published: dict[str, str] | None = None) -> Findings:
    """Everything that follows without any ballot."""
    found = Findings()
    found.compare(part.public, part.summary, read_posted(published or {}))
    trackers = part.trackers()
    ballots, packets = part.summary["ballots"], part.summary.get("packets", 0)
    printed = sum(part.summary["printed"].values())
    found.note("回执名单没有重复", len(set(trackers)) == len(trackers))
    found.note("回执名单与其摘要一致", tracker_root(trackers) == part.summary["tracker_root"])
    found.note(f"回执码{len(trackers)}个，等于选票{ballots}张", len(trackers) == ballots)
    on_paper = f"和纸质票{packets}份" if packets else ""
    said = f"选票{ballots}张{on_paper}，不多于印制凭条{printed}张"
    found.note(said, ballots + packets <= printed)
    found.open += [
        f"公开核验包出自摘要为{part.summary['bundle']}的计票包（由持有计票包的纪检监察机关核对）",
        "选票的签名、各批次数字、计票结果和得分（公开核验包不含选票和票码，须用完整的核验包核验）",
    ]
    found.admit(key_on_server=part.summary["key_on_server"], paper=packets > 0)
    return found

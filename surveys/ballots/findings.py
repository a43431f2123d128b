"""What a verification says: the same words for the command line and for the custodian's page."""

from dataclasses import dataclass, field

from surveys.ballots import forms
from surveys.ballots.forms import Json

POSTED = {
    "fp": "校验码（凭条所印）",
    "code_root": "票码清单摘要（开评前公布）",
    "tracker_root": "回执名单摘要（截止时公布）",
}
_LIMITS = (
    "评价中心没有为未发出的凭条制造凭证（签发密钥由评价中心保管，只能以各批次数字约束）",
    "没有在截止前丢弃选票或回退修改（由评价人持回执码核对名单）",
    "评价人的手机和页面没有被动手脚",
    "文字意见的内容属实",
)


@dataclass
class Findings:
    """What was proved, found wrong or explained, and what the bundle cannot prove."""

    proved: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def note(self, said: str, holds: bool) -> None:
        (self.proved if holds else self.wrong).append(said)

    def compare(self, public: Json, summary: Json, published: dict[str, str]) -> None:
        """`published`: fp, code_root, tracker_root as posted publicly and copied by the reader."""
        self.note("校验码与评价表、全部公钥相符", forms.fingerprint(public) == summary["fp"])
        for name, label in POSTED.items():
            if name in published:
                posted = "".join(published[name].split())
                self.note(f"{label}与公布的一致", posted.lower() == summary[name].lower())
            else:
                self.open.append(f"{label}与公布的一致（没有提供公布的内容）：{summary[name]}")

    def admit(self, *, key_on_server: bool, paper: bool) -> None:
        """What no bundle proves."""
        self.open += _LIMITS
        if key_on_server:
            self.open.append("截止前无人看过选票（计票密钥存放在服务器上，须信任服务器管理员）")
        if paper:
            self.open.append("纸质票录入与纸面一致（由两人背靠背录入、第三人核定，纸质票封存备查）")

    def lines(self) -> list[str]:
        """As they are printed, or kept as a record."""
        parts = (
            ("已经证明", self.proved),
            ("发现问题", self.wrong),
            ("有出入，已作说明", self.explained),
            ("不能证明", self.open),
        )
        said: list[str] = []
        for title, found in parts:
            if found:
                said += [f"{title}：", *(f"　{number}. {line}" for number, line in enumerate(found, start=1))]
        return [*said, "核验未通过。" if self.wrong else "核验通过。"]

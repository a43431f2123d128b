"""What a verification says: the same words for the command line and for the custodian's page."""

from dataclasses import dataclass, field
from typing import NamedTuple

from surveys.ballots import forms
from surveys.ballots.encoding import ALPHABET
from surveys.ballots.forms import Json
from surveys.ballots.keyfile import spoken

_HEX = "0123456789ABCDEF"


class PostedFault(ValueError):  # noqa: N818 - says what it is
    """What was typed cannot have been posted; the message names the field, in Chinese."""


class Posted(NamedTuple):
    """A value posted publicly: where, how long, and of which symbols."""

    name: str
    where: str
    length: int
    symbols: str
    allowed: str

    def read(self, typed: str) -> str:
        """As it is compared: width, case, blanks and hyphens do not count."""
        value = spoken(typed)
        if len(value) != self.length:
            raise PostedFault(f"{self.name}应为{self.length}位，现为{len(value)}位，请核对后重新输入。")
        if strange := next((symbol for symbol in value if symbol not in self.symbols), None):
            raise PostedFault(f"{self.name}中不会有“{strange}”（{self.allowed}），请核对后重新输入。")
        return value if self.symbols == ALPHABET else value.lower()


POSTED = {
    "fp": Posted("校验码", "凭条所印", 26, ALPHABET, "没有数字0和1，也没有字母I、L、O"),
    "code_root": Posted("票码清单摘要", "开评前公布", 64, _HEX, "只有数字和字母a至f"),
    "tracker_root": Posted("回执名单摘要", "截止时公布", 64, _HEX, "只有数字和字母a至f"),
}
_LIMITS = (
    "评价中心没有为未发出的凭条制造凭证（签发密钥由评价中心保管，只能以各批次数字约束）",
    "没有在截止前丢弃选票或回退修改（由评价人持回执码核对名单）",
    "评价人的手机和页面没有被动手脚",
    "文字意见的内容属实",
)


def read_posted(typed: dict[str, str]) -> dict[str, str]:
    """What was typed, as it is compared; blank is not typed. Raises PostedFault."""
    return {name: POSTED[name].read(text) for name, text in typed.items() if text.strip()}


@dataclass
class Findings:
    """What was proved, found wrong or explained, and what the bundle cannot prove."""

    proved: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def note(self, said: str, holds: bool) -> None:
        if holds:
            self.proved.append(said)
        else:
            self.wrong.append(f"核对不成立：{said}")

    def compare(self, public: Json, summary: Json, published: dict[str, str]) -> None:
        """`published`: fp, code_root, tracker_root as posted publicly, read by `read_posted`.

        What nobody copied before is not shown, or it would be copied from here and compared with itself.
        """
        self.note("校验码与评价表、全部公钥相符", forms.fingerprint(public) == summary["fp"])
        for name, one in POSTED.items():
            said = f"{one.name}（{one.where}）与公布的一致"
            if name not in published:
                self.open.append(f"{said}（没有提供公布的内容）")
            elif published[name] == summary[name]:
                self.proved.append(said)
            else:
                both = f"输入的是{published[name]}，包中所列是{summary[name]}"
                self.note(f"{said}（{both}，请先核对是否抄错）", holds=False)

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
        return [*said, self.verdict()]

    def verdict(self) -> str:
        if self.wrong:
            return f"发现{len(self.wrong)}个问题，核验未通过。"
        explained = f"有出入、已作说明的{len(self.explained)}项；" if self.explained else ""
        return f"没有发现问题；{explained}另有{len(self.open)}项不能证明。"

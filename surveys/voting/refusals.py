"""Why a vote was not taken: a code for the page, a courteous sentence for the voter."""

from __future__ import annotations

from dataclasses import dataclass, field

HELP = "如需帮助，请联系现场工作人员。"

OPENED_ELSEWHERE = (
    "这张凭条已在另一个浏览器或应用中打开，或者已经提交过评价，不能在这里填写；已经提交的评价不受影响。"
    "还没有填完的，请回到原来的浏览器或应用中重新扫码；回不去的，请持凭条向现场工作人员申请换发。"
)


@dataclass(frozen=True)
class Reason:
    status: int
    message: str


REASONS = {
    "bad_request": Reason(400, "提交的内容不完整，未作任何登记。请刷新页面后重新提交。"),
    "bad_ballot": Reason(400, "选票未通过校验，未作任何登记，您填写的内容仍保存在本机。请重新提交；" + HELP),
    "unknown_key": Reason(404, "没有找到这个票种，未作任何登记。请核对凭条上的“票种”后重新输入。"),
    "unknown_code": Reason(404, "票种或投票码不正确，投票码未被使用。请对照凭条重新输入。"),
    "other_survey": Reason(404, "这个投票码属于另一轮评价，未被使用。请核对凭条上的评价名称。"),
    "used": Reason(409, OPENED_ELSEWHERE),
    "paper": Reason(409, "这张凭条已换领纸质票，不能再在手机上投票。" + HELP),
    "replaced": Reason(409, "这张凭条已交回换发，不能再使用。请使用换发的凭条。" + HELP),
    "void": Reason(409, "这张凭条已作废，不能投票。请向现场工作人员换领新凭条。"),
    "not_open": Reason(403, "本轮评价尚未开始，投票码未被使用。请在评价开始后再来。"),
    "closed": Reason(403, "本轮评价已经截止，本次提交未被登记。感谢您的参与。"),
    "final": Reason(409, "本轮评价提交后不能修改，原来的选票不受影响。"),
    "stale": Reason(409, "您已提交过较新的选票，以较新的为准，本次提交未被登记。"),
    "too_many": Reason(429, "输入错误的次数较多，请稍候再试。投票码未被使用，您填写的内容仍保存在本机。"),
    "busy": Reason(503, "系统繁忙，本次提交未被登记，您填写的内容仍保存在本机。请稍候再试。"),
    "no_photos": Reason(404, "照片现在不能查看，不影响填写。"),
    "not_published": Reason(404, "选票回执清单在评价截止后公布，请届时再查。"),
}


@dataclass
class NotTaken(Exception):  # noqa: N818 - reads as what happened
    """The vote was not taken and nothing was changed; `code` is a key of REASONS."""

    code: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> Reason:
        return REASONS[self.code]

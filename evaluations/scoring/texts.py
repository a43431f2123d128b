"""The codes of an outcome as sentences for officials."""

from evaluations.scoring.scheme import Scheme

FLAGS: dict[str, str] = {
    "pooled": "样本足够的人员不到规定比例，部门得分由全部有效票合并计算",
    "grade_to_confirm": "得分落在原文未规定的空档，等次待确认",
    "list_to_confirm": "名单边缘同分，名次待确认",
    "vetoed": "一票否决",
    "carried": "“{}”缺项，其权重由其余部分承担",
    "overflow": "“{}”已扣完，超出部分不再扣",
    "quorum": "“{}”收到的评分不足规定份数，是否采用由领导小组决定",
    "moved": "“{}”的方阵与按排名的建议不同，由人工调整",
}
_WITHHELD = {
    "no_valid_answers": "样本不足（没有有效票）",
    "too_few_answers": "样本不足",
    "nobody_judged": "没有直接评价的人员，不计分",
    "no_marks": "没有评分",
    "not_marked": "尚未评分",
    "not_placed": "尚未定档",
}


def flag_in_words(flag: str, scheme: Scheme | None = None) -> str:
    code, _, step = flag.partition(":")
    labels = {one.id: one.label for one in scheme.steps} if scheme else {}
    return FLAGS.get(code, flag).format(labels.get(step, step))


def withheld_in_words(reason: str, scheme: Scheme | None = None) -> str:
    if not reason.startswith("missing_part:"):
        return _WITHHELD.get(reason, reason)
    part = reason.removeprefix("missing_part:")
    labels = {step.id: step.label for step in scheme.steps} if scheme else {}
    return f"缺少“{labels.get(part, part)}”，暂不计分"

"""A small ballot form with plainly fictitious people, as the page and the counting both see it."""

from typing import Any

from surveys.ballots.encoding import to_b64

STRATA = {"K7M2": "民营企业", "M8QW": "个体工商户", "P3ZT": "非民营企业"}
CHOICES = [
    {"word": "满意", "tone": "best", "ask": False, "unknown": False},
    {"word": "比较满意", "tone": "good", "ask": False, "unknown": False},
    {"word": "基本满意", "tone": "fair", "ask": True, "unknown": False},
    {"word": "不满意", "tone": "poor", "ask": True, "unknown": False},
    {"word": "不了解情况", "tone": "none", "ask": False, "unknown": True},
]
STEMS = "甲乙丙丁戊己庚辛壬癸"


def form(departments: int = 3, persons: int = 3) -> dict[str, Any]:
    return {
        "title": "示范县2026年第三季度营商环境评价",
        "choices": [dict(choice) for choice in CHOICES],
        "comment_cap": 1500,
        "departments": [
            {
                "id": f"d{d}",
                "name": f"示范部门{d}",
                "questions": [],
                "sections": [
                    {
                        "id": f"d{d}s1",
                        "name": "行政审批服务科",
                        "questions": [{"id": "overall", "text": "审批服务"}],
                        "persons": [
                            {"id": f"d{d}p{p}", "name": f"示例{STEMS[p % 10]}{p}", "post": "科员"}
                            for p in range(1, persons + 1)
                        ],
                    }
                ],
            }
            for d in range(1, departments + 1)
        ],
    }


def of_units(*groups: int, questions: int = 1) -> dict[str, Any]:
    """A form about units as wholes, so many in each peer group."""
    labels = ["政策落实", "服务质效", "解决问题"] if questions > 1 else ["总体评价"]
    asked = [{"id": f"q{n}", "text": text} for n, text in enumerate(labels[:questions], start=1)]
    words = ["非常满意", "满意", "基本满意", "不满意", "非常不满意", "不了解"]
    tones = ["best", "good", "fair", "poor", "poor", "none"]
    return {
        "title": "示范市2026年第三次营商环境评价",
        "choices": [
            {"word": word, "tone": tone, "ask": word in words[3:5], "unknown": tone == "none"}
            for word, tone in zip(words, tones, strict=True)
        ],
        "comment_cap": 1500,
        "groups": [{"id": f"g{g}", "name": f"第{g}组"} for g in range(1, len(groups) + 1)],
        "departments": [
            {
                "id": f"d{g}{u:03}",
                "name": f"示范单位{STEMS[g]}{u}",
                "group": f"g{g}",
                "questions": [dict(one) for one in asked],
                "sections": [],
            }
            for g, number in enumerate(groups, start=1)
            for u in range(1, number + 1)
        ],
    }


def of_marks(*groups: int) -> dict[str, Any]:
    """A form whose choices are marks: 民营企业 give up to 10 by halves, 个体工商户 up to 30 by halves."""
    form = of_units(*groups)
    words = [str(half / 2).removesuffix(".0") for half in range(60, -1, -1)]
    added = {"word": "不评", "tone": "none", "ask": False, "unknown": True, "added": True}
    for unit in form["departments"]:
        unit["questions"] = [{"id": "mark", "text": "评分"}]
    return form | {
        "comment_cap": 0,
        "choices": [*({"word": one, "tone": "good", "ask": False, "unknown": False} for one in words), added],
        "panels": [
            {
                "id": "enterprises",
                "stratum": "民营企业",
                "name": "企业评议",
                "step": "0.5",
                "words": words[40:],
            },
            {"id": "leaders", "stratum": "个体工商户", "name": "领导评议", "step": "0.5", "words": words},
        ],
    }


def public(
    *,
    keys: dict[str, bytes] | None = None,
    tally_key: bytes = b"t" * 32,
    box_key: bytes = b"b" * 32,
    counts_key: bytes = b"c" * 32,
    asked: dict[str, Any] | None = None,
    **size: int,
) -> dict[str, Any]:
    """The frozen public part of a survey; `keys`: key id → modulus, `asked`: a form in place of the usual."""
    moduli = {"K7M2": b"n" * 256, "M8QW": b"m" * 256} if keys is None else keys
    return {
        "survey": "demo-2026-q3",
        "keys": [
            {"id": key_id, "stratum": STRATA[key_id], "n": to_b64(modulus)}
            for key_id, modulus in moduli.items()
        ],
        "tally_key": to_b64(tally_key),
        "counts_key": to_b64(counts_key),
        "box_key": to_b64(box_key),
        "form": asked or form(**size),
    }

"""Masking of free text: what could point at its writer is replaced by a word in brackets.

A comment says what went wrong; phone numbers, plates, dates and amounts say to whom. The rules err on
the side of masking: two reviewers read what is left and put it in other words, so a word too many costs
little. What stays readable is what the department needs: matters, windows, hotlines, durations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# Full-width letters and digits and invisible characters are other spellings of the same.
_SPELLINGS = {
    **{0xFF10 + n: str(n) for n in range(10)},
    **{0xFF21 + n: chr(ord("A") + n) for n in range(26)},
    **{0xFF41 + n: chr(ord("a") + n) for n in range(26)},
    **dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFE0F, 0x20E3, 0xFEFF)),
    ord("＠"): "@",
    ord("．"): ".",
    ord("－"): "-",
    ord("＿"): "_",
    ord("　"): " ",
}

DIGIT = "〇零一二三四五六七八九"
NUMERAL = f"{DIGIT}两十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟萬"
FIRST = "一二两三四五六七八九十几数半壹贰叁肆伍陆柒捌玖拾"
DAY = rf"(?:[12]?\d|3[01]|0\d|[{DIGIT}十廿卅]{{1,3}})"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正冬腊])月"
YEAR = rf"(?:(?:19|20)\d{{2}}|\d{{2}}|[一二][{DIGIT}]{{3}}|[{DIGIT}]{{2}}|去|今|前|上|本|当)年"
PART = r"(?:份|初[一二三四五六七八九十]|初|上旬|中旬|下旬|底|末)"
CLOCK = (
    rf"(?:的?\s*(?:早上|上午|中午|下午|傍晚|晚上)?\s*(?:\d{{1,2}}|[{DIGIT}十]{{1,3}})"
    rf"(?:[:：]\d{{2}}|[点时](?:半|一刻|(?:\d{{1,2}}|[{DIGIT}十]{{1,3}})分?)?))?"
)
AREA = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使"
CODE = "[0-9A-HJ-NPQRTUWXY]"
# What follows a number that counts something else than money.
UNITS = "元户人家次件吨平亩字份台个名天年月日岁号条项页层楼"
TITLES = (
    "副?(?:局长|科长|股长|主任|所长|站长|队长|大队长|中队长|支队长|组长|处长|部长|镇长|乡长|县长|院长|行长|书记|主席)"
    "|科员|办事员|专员|干事|干部|主管|经理|老师|师傅|同志|先生|女士|小姐|大姐|大哥|警官|法官|会计|总|工|姐|哥"
)
# Frequent surnames beside those of the roster, without those that are mostly other words (和、于、任、向).
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田姜范石姚谭廖邹熊陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎常武乔贺赖龚"
)
# A word whose end looks like a surname before a title: 分管局长, 由于科长不在, 现任主任.
# Before these characters a surname is the end of another word: 分管局长, 由于科长不在, 现任主任.
NOT_AFTER = {
    "管": "分主监接尽不",
    "于": "由至关对位属等处在终",
    "任": "现时担兼历原前责",
    "常": "经日平非",
    "万": "一千百十几数两",
    "史": "历",
    "武": "人",
    "向": "一面方",
    "和": "共",
    "方": "对双一",
    "高": "提",
    "成": "完",
}
# 小程序, 小金额: after 小 and 老 these are other words; those with nothing behind them always are.
NOT_LITTLE = {"程": "序", "金": "额库", "任": "务", **dict.fromkeys("于时区方段万", "")}


@dataclass(frozen=True)
class Rule:
    """One kind of detail: the word that stands for it, and how it is written. `keep` stays readable."""

    word: str
    pattern: re.Pattern[str]

    def apply(self, text: str) -> str:
        return self.pattern.sub(lambda found: f"{found.groupdict().get('keep') or ''}【{self.word}】", text)


def _rule(word: str, *patterns: str) -> Rule:
    return Rule(word, re.compile("|".join(patterns), re.IGNORECASE))


# In this order: longer numbers before shorter ones, dates and money before what is only a number.
RULES = (
    _rule("邮箱", r"[a-z0-9_.%+-]+\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    _rule(
        "网址",
        r"(?:https?://|www\.)[^\s，。；、）】]+",
        r"(?<![a-z0-9.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|top|vip|cc)(?:/[^\s，。；、）】]*)?(?![a-z])",
    ),
    _rule(
        "微信",
        r"(?:微信|薇信|V信|(?<![a-z])(?:vx|wx|weixin|wechat))(?:号码?|ID)?\s*(?:[:：]|是|为|叫)?\s*"
        r"[a-z1-9][a-z0-9_-]{5,19}",
        r"(?P<keep>加)v(?:信)?\s*[:：]?\s*[a-z0-9][a-z0-9_-]{5,19}",
        r"(?:QQ|扣扣)(?:群|号)*\s*(?:[:：]|是)?\s*\d{5,12}",
    ),
    _rule(
        "证件号",
        r"(?<!\d)\d{6}[ -]?(?:19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[ -]?\d{3}[\dx](?![\dA-Z])",
        r"(?<!\d)\d{8}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}(?!\d)",
    ),
    _rule(
        "信用代码",
        rf"(?<![A-Z0-9]){CODE}{{2}}[ -]?\d{{6}}[ -]?{CODE}{{9}}[ -]?{CODE}(?![A-Z0-9])",
    ),
    _rule("账号", r"(?<!\d)\d(?:[ -]?\d){15,18}(?!\d)"),
    _rule("日期", r"(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"),
    _rule(
        "电话",
        r"(?<!\d)(?:\+?86[ -]?)?1[ -]?[3-9][ -]?\d(?:[ \-—–·.]{0,2}\d){8}(?!\d)",
        r"(?<!\d)[(（]?0\d{2,3}[)）]?[ \-—–]{0,2}[2-9]\d{2,3}[ -]?\d{4}(?:(?:[ -]|转)\d{1,6})?(?!\d)",
        r"(?<!\d)[48]00[ -]?\d{3}[ -]?\d{4}(?!\d)",
        r"(?P<keep>电话|座机|手机|号码)(?:号码?)?\s*(?:[:：]|是|为)?\s*[2-9]\d{2,3}[ -]?\d{4}(?!\d)",
        r"(?<![\d.])[2-9]\d{6,7}(?![\d.]|\s*[元万块])",
        rf"[{DIGIT}幺](?:[ -]?[{DIGIT}幺]){{6,}}",
    ),
    _rule(
        "车牌",
        rf"[{AREA}]\s?[A-HJ-NP-Z]\s?[·•\-.]?\s?[A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳][A-HJ-NP-Z0-9]?",
    ),
    _rule(
        "日期",
        rf"(?:农历|阴历)?{YEAR}\s*的?\s*{MONTH}(?:\s*{DAY}[日号]?|{PART})?{CLOCK}",
        rf"(?:农历|阴历)?{MONTH}\s*(?:{DAY}[日号]|{PART}|(?<=[正冬腊]月)[{DIGIT}十廿]{{1,3}}){CLOCK}",
        rf"(?:19|20)\d{{2}}\s?[-/.]\s?\d{{1,2}}(?:\s?[-/.]\s?\d{{1,2}})?(?!\d)[日号]?{CLOCK}",
        r"(?<![\d.])\d{1,2}[-/.]\d{1,2}[日号]",
        rf"(?:19|20)\d{{2}}年|[一二][{DIGIT}]{{3}}年",
        rf"(?:上+|这|本|当)个?月(?:{DAY}[日号]|{PART}){CLOCK}",
        rf"(?<![\d第{DIGIT}]){DAY}[日号](?:早上|上午|中午|下午|傍晚|晚上|那天|当天){CLOCK}",
        rf"(?:上+|这|本)个?(?:周|星期|礼拜)[一二三四五六日天]{CLOCK}",
        r"(?<![\d.])(?:1[0-2]|[1-9])月(?![内之以])",
        rf"(?<![个几{DIGIT}十])(?:十[一二]?|[一二三四五六七八九])月(?![内之以一])",
    ),
    _rule(
        "金额",
        rf"(?:人民币|RMB|[¥￥$])\s*(?:\d[\d,，.]*\s*[万千百亿]*|[{NUMERAL}]+)\s*[元圆]?整?",
        r"\d[\d,]*(?:\.\d+)?\s*[多余来几]?\s*[十百千万亿]*[多余来]?\s*(?:元整?|圆整?|块钱?|美元|港元|角钱?|分钱)"
        r"(?![化素地牌屏旦])",
        rf"[{FIRST}][{NUMERAL}几]*[多余来]?(?:元整?|圆整?|块钱)(?![化素旦])",
        rf"[{FIRST}]?[{NUMERAL}几]*[十百千万][{NUMERAL}]*[多余来]?块(?![地牌屏])",
        rf"\d+(?:\.\d+)?\s*[万亿][多余来]?(?![{UNITS}])",
        r"(?P<keep>(?:罚款?|[交缴收付花欠退借赔]|押金|保证金|投资|费用?|工资|货款)"
        r"(?:[了过我]|我们|大?约|大概|共|近|[:：]|[为是])*)"
        rf"(?:\d[\d,.]*[百千万]|[{FIRST}][{NUMERAL}]*[百千万])[{NUMERAL}]*[多余来]?(?![{UNITS}])",
    ),
    _rule(
        "地址",
        rf"[\u4e00-\u9fa5]{{2,6}}?(?:路|街|大道|巷|胡同)\s*(?:[东西南北中]段)?\s*(?:\d+|[{DIGIT}十百]+)号[院楼]?"
        rf"(?:\s*(?:\d+|[{DIGIT}十]+)(?:号楼|栋|幢|单元|楼|室|户))*",
        rf"(?:(?:\d+|[{DIGIT}十]+)(?:号楼|栋|幢|单元)\s*)+(?:\d+|[{DIGIT}十]+)?[室户]?",
        r"(?<!\d)\d{3,4}(?:室|房间)",
    ),
    _rule(
        "企业",
        r"[^\s，。；、：:！？!?“”（）()【】的是在我们你他她去到从与跟于就被把让找]{2,16}"
        r"(?:有限责任公司|股份有限公司|有限公司|分公司|专业合作社|经营部|商行|门市部?)",
    ),
)
LEFT_OVER = _rule("编号", r"[A-Z0-9-]*\d{6,}[A-Z0-9-]*")

Masker = Callable[[str], str]


def masker(names: Iterable[str]) -> Masker:
    known = sorted({plain for name in names if len(plain := re.sub(r"\s", "", name)) > 1})
    rules = [*_named(known), *RULES, *_called(known), LEFT_OVER]

    def mask(text: str) -> str:
        masked = text.translate(_SPELLINGS)
        for rule in rules:
            masked = rule.apply(masked)
        return masked

    return mask


def _named(names: list[str]) -> list[Rule]:
    rest: dict[str, list[str]] = {}
    for name in names:
        rest.setdefault(name[0], []).append(name[1:])
    if not rest:
        return []
    spelled = [
        rf"{re.escape(first)}\s*(?:"
        + "|".join(r"\s*".join(map(re.escape, ends)) for ends in sorted(given, key=len, reverse=True))
        + ")"
        for first, given in rest.items()
    ]
    firsts = "".join(map(re.escape, rest))
    return [_rule("姓名", rf"(?=[{firsts}])(?:{'|'.join(spelled)})(?:{TITLES})?")]


def _called(names: list[str]) -> list[Rule]:
    """Surname and title (张科长), 某 for the given name (王某某局长), 老李 and 小张."""
    surnames = sorted({*SURNAMES, *(name[0] for name in names)})
    titled = [
        f"(?<![{NOT_AFTER[each]}]){each}" if each in NOT_AFTER else re.escape(each) for each in surnames
    ]
    little = [
        f"{each}(?![{NOT_LITTLE[each]}])" if each in NOT_LITTLE else re.escape(each)
        for each in surnames
        if NOT_LITTLE.get(each) != ""
    ]
    doubled = "欧阳|司马|诸葛|上官|夏侯|皇甫|尉迟|公孙|慕容|令狐|东方"
    hidden = r"[某×✕*＊○〇xX]{1,2}"
    person = rf"(?:{doubled}|{'|'.join(titled)})"
    return [
        _rule("姓名", rf"{person}{hidden}(?:{TITLES})?"),
        _rule("姓名", rf"{person}(?:{TITLES})(?![作程业具厂地商资人部体结共])"),
        _rule("姓名", rf"(?<![大中])[小老阿](?:{'|'.join(little)})"),
    ]

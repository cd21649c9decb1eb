"""Decide what an analyst reads of somebody's own words: numbers, phones, names, addresses, mail and amounts are masked, in
Chinese and English. Pure.

A mask says what stood there, so that what is left still reads as a sentence. Too much is masked rather than too little: a wish, a
product and a feeling need no number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

AMOUNT, NUMBER, NAME, PLACE, MAIL, LINK, DAY = "[amount]", "[number]", "[name]", "[place]", "[mail]", "[link]", "[date]"
_ZH_DIGIT = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟幺"
_UNIT = "元|块钱|块|圆|角|毛|分钱|人民币|美元|欧元|英镑|卢比"
_CODE = "CNY|RMB|USD|EUR|GBP|INR|HKD|JPY|Rs"
_EN_UNIT = "yuan|dollars?|bucks|euros?|pounds?|rupees?|cents?|kuai"
_FIGURE = r"\d[\d,，.]{0,40}"
_MONEY = (
    rf"(?:[¥￥$€£₹]\s*{_FIGURE}(?:\s*[万千百亿kKmM]\b)?|(?:\b(?:{_CODE})\b|人民币)\.?\s*{_FIGURE}"
    rf"|{_FIGURE}\s*[万千百亿]*\s*(?:多|余)?(?:{_UNIT}|万|亿)|{_FIGURE}\s*[kKmM]?\s*(?:\b(?:{_EN_UNIT}|{_CODE})\b)"
    rf"|[{_ZH_DIGIT}]+(?:多|余|来)?(?:元|块钱|块|圆|角|毛|美元))"
)
_SURNAME = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程嵇邢"
    "裴陆荣翁荀羊甄曲家封靳段富焦巴牧隗山谷车侯宓蓬全班仰仲伊宫宁仇栾刘叶白蒲邰从索赖卓屠蒙池乔闻党翟谭姬申扶冉宰郦雍桑桂濮牛寿边扈燕"
    "尚农温庄晏柴瞿阎充慕连习艾向古易廖庾居衡步都耿满匡文寇广欧沃利蔚越隆师巩聂晁勾敖冷辛简饶曾沙丰关相查荆红游权盖益桓公"
)
_ZH_TITLE = "先生|女士|小姐|经理|主任|行长|柜员|阿姨|叔叔|师傅|老师|大爷|大妈|奶奶|爷爷|客服|专员|主管|姐|哥"
_HAN = r"[\u4e00-\u9fff]"
_ZH_CALLED = "我叫|我是|名叫|姓名[:：是]?|名字[叫是]|本人"
_EN_CALLED = "my name is|name's|i am|i'm|this is|called|named|signed|regards|sincerely"
_ZH_PLACE = "路|街|道|巷|弄|村|小区|大厦|号楼|号|室|栋"
_EN_PLACE = "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct"
_EN_NAME = r"[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,2}"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), MAIL),
    (re.compile(r"(?:https?://|www\.)[^\s，。；）)]+", re.IGNORECASE), LINK),
    (re.compile(r"\b(?:party|loan|acct|account|case|voice|dispute|deposit|contract)_[0-9a-z]+\b"), NUMBER),
    (re.compile(r"(?<!\d)\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d)\s*[日号]?"), DAY),
    (re.compile(r"(?<!\d)\d{1,2}月\d{1,2}[日号]"), DAY),
    (re.compile(r"(?:微信|QQ|wechat|weixin)\s*(?:号|id)?\s*[:：是为]?\s*[A-Za-z][\w-]{4,}", re.IGNORECASE), NUMBER),
    (re.compile(_MONEY, re.IGNORECASE), AMOUNT),
    (re.compile(r"[+(]?\d(?:[\s\-–.()·]{0,3}[\dXx*]){4,}"), NUMBER),
    (re.compile(r"[零〇一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖]{5,}"), NUMBER),
    (re.compile(r"\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{6,}\b"), NUMBER),
    (re.compile(rf"{_HAN}{{2,6}}?(?:省|自治区|市|区|县|镇|乡)(?:[\u4e00-\u9fff\d]{{1,12}}?(?:{_ZH_PLACE}))+"), PLACE),
    (re.compile(r"[\u4e00-\u9fff]{2,8}(?:路|街|巷|弄)\s*\d+\s*(?:号|弄)(?:\s*\d+\s*(?:号楼|栋|室|单元))*"), PLACE),
    (re.compile(rf"\b\d+[A-Za-z]?,?\s+(?:[A-Z][a-z]+\s+){{1,3}}(?:{_EN_PLACE})\b\.?"), PLACE),
    (re.compile(rf"(?:{_ZH_CALLED})\s*([{_SURNAME}]{_HAN}{{1,2}})(?=[，,。.；;！!、\s]|$)"), NAME),
    (re.compile(rf"(?<![\u4e00-\u9fff])[{_SURNAME}][\u4e00-\u9fff]{{0,2}}(?={_ZH_TITLE})"), NAME),
    (re.compile(rf"[{_SURNAME}](?={_ZH_TITLE})"), NAME),
    (re.compile(r"(?<=姓)[\u4e00-\u9fff](?![\u4e00-\u9fff]*名)"), NAME),
    (re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Madam)\.?\s+{_EN_NAME}"), NAME),
    (re.compile(rf"(?i:\b(?:{_EN_CALLED})\b[,:]?)\s+({_EN_NAME})"), NAME),
)  # fmt: skip
_UNSEEN = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20dd-\u20e4"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""What nobody sees between two letters, and marks that combine with no letter: they would part a name or a number in two."""
_LEFT = re.compile(r"\d{4,}")


def scrubbed(text: str, names: Iterable[str] = ()) -> str:
    """A text without what tells who spoke; ``names``: of whoever spoke and of the staff, which are masked wherever they stand."""
    said = _read(text)
    for name in sorted({_read(each).strip() for each in names}, key=len, reverse=True):
        said = _without(said, name)
    for pattern, mask in _RULES:
        said = pattern.sub(lambda found, mask=mask: _masked(found, mask), said)  # type: ignore[misc]
    return _LEFT.sub(NUMBER, said)


def _read(text: str) -> str:
    """A text as its reader sees it."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text))


def _without(said: str, name: str) -> str:
    """Without a name, however it is spaced or written; of a name of Latin letters also without its parts."""
    if len(name) < 2:
        return said
    letters = r"\s*".join(map(re.escape, "".join(name.split())))
    said = re.sub(letters, NAME, said, flags=re.IGNORECASE)
    for part in name.split() if name.isascii() else ():
        if len(part) >= 3:
            said = re.sub(rf"\b{re.escape(part)}\b", NAME, said, flags=re.IGNORECASE)
    return said


def _masked(found: re.Match[str], mask: str) -> str:
    """The mask in place of what was found, or of the part of it that is said to be the name."""
    if found.re.groups == 0:
        return mask
    begin, end = found.start(1) - found.start(), found.end(1) - found.start()
    return found[0][:begin] + mask + found[0][end:]

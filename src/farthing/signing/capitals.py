"""Own amounts in Chinese capital numerals (大写金额), which a contract states beside the digits.

The forms follow the People's Bank of China's rules for filling in bills and settlement vouchers
(《正确填写票据和结算凭证的基本规定》, 1997): 零壹贰叁..., 元角分, and 整 after 元 or 角. Pure.
"""

from __future__ import annotations

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万", "亿亿")


def capitals(amount: Money) -> str:
    """``人民币叁拾万元整`` for CNY 300,000.00; other currencies of two decimals or none keep their code in front."""
    if amount.minor < 0:
        raise InvariantBroken("a contract never states a negative amount")
    decimals = len(amount.plain().partition(".")[2])
    if decimals not in {0, 2}:
        return str(amount)
    whole, part = (amount.minor, 0) if decimals == 0 else divmod(amount.minor, 100)
    name = "人民币" if amount.currency == "CNY" else f"{amount.currency} "
    return name + _yuan(whole, part)


def _yuan(whole: int, part: int) -> str:
    jiao, fen = divmod(part, 10)
    text = f"{_integer(whole)}元" if whole else ""
    if not part:
        return f"{text or '零元'}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif whole:
        text += "零"
    return f"{text}{_DIGITS[fen]}分" if fen else f"{text}整"


def _integer(whole: int) -> str:
    groups: list[int] = []
    while whole:
        whole, group = divmod(whole, 10_000)
        groups.append(group)
    text = ""
    gap = False
    for index in reversed(range(len(groups))):
        group = groups[index]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1_000):
            text += "零"
        text += _group(group) + _GROUPS[index] + ("亿" if index == 3 and not groups[2] else "")
        gap = False
    return text


def _group(group: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text

"""Own what a row's state means: settled, refund, closed, failed, open - or unknown, which is never settled. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from farthing.credit.bills.cells import folded
from farthing.credit.bills.model import Outcome

_FAILED = re.compile(r"失败|被拒|拒绝|退票|扣款不成功|余额不足")
_OVER = re.compile(r"关闭|取消|撤销|撤回|作废|过期|超时|终止|已失效|关单")
_PAID_AND_WAITING = re.compile(
    r"^(?:买家|您|你|对方)?已(?:付款|支付)[,;]?(?:等待|待)(?:卖家|商家|对方)?(?:发货|确认|收货)|"
    r"^(?:卖家|商家|对方)?已发货[,;]?(?:等待|待)?(?:买家|您|你)?(?:确认)?(?:收货)?$|"
    r"^(?:等待|待)(?:卖家|商家|对方)?发货$|^(?:等待|待)(?:买家|您|你)?(?:确认)?收货$|^已发货$"
)
_OPEN = re.compile(r"等待|待|未|处理中|进行中|审核|受理|中$|交易创建|预授权|冻结|担保中")
_SETTLED = re.compile(
    r"^(?:朋友|对方|您|你|买家|卖家|商家)?已(?:收钱|收款|转账|转入|转出|支付|付款|到账|领取|完成|入账|支出|收入|还款|扣款|充值|提现|缴费|结算)$|"
    r"^(?:已|自动)?存入(?:零钱通|零钱|余额宝|余额|银行卡)?$|^已存入(?:零钱|零钱通|余额|银行卡)|"
    r"^(?:提现|充值|还款|转账|缴费)已?(?:到账|完成)$|^(?:交易|支付|付款|收款|转账)完成$|^(?:TRADE_SUCCESS|TRADE_FINISHED)$"
)
_SUCCESS = re.compile(r"^[^未不无]{0,12}成功(?:\(.{0,12}\))?$")


@lru_cache(maxsize=4096)
def outcome_of(status: str, kind: str) -> Outcome:
    """What a state and the type of the row say together; what is not known stays ``unknown``."""
    state = folded(status).replace(" ", "")
    gives_back = kind == "退款" or kind.endswith(("-退款", "退款"))
    if _FAILED.search(state):
        return "failed"
    if _OVER.search(state) and "已退" not in state:
        return "closed"
    if _PAID_AND_WAITING.search(state):
        return "settled"
    if "退" in state:
        return _giving_back(state, gives_back)
    if _OPEN.search(state):
        return "open"
    if _SUCCESS.search(state) or _SETTLED.search(state):
        return "refund" if gives_back else "settled"
    return "unknown"


def _giving_back(state: str, gives_back: bool) -> Outcome:
    """States that speak of a refund: of the refund's own row, or of a purchase that was given back."""
    if state.endswith("退款成功") or state in ("退款完成", "已退款到账", "退款已到账"):
        return "refund"
    if "已" in state or "部分退款" in state:
        return "refund" if gives_back else "settled"
    return "open" if _OPEN.search(state) or "申请" in state else "unknown"

"""Own what a contract says of a rate that floats: what it follows, and when it is set anew. Pure."""

from __future__ import annotations

from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending.model import Loan
from farthing.products.floating import next_reset

OFTEN = {
    "monthly": Words("a month after the payment out and each month after that", "放款日后每满一个月的对应日"),
    "quarterly": Words(
        "three months after the payment out and each three months after that", "放款日后每满三个月的对应日"
    ),
    "half_yearly": Words(
        "six months after the payment out and each six months after that", "放款日后每满六个月的对应日"
    ),
    "yearly": Words("a year after the payment out and each year after that", "放款日后每满一年的对应日"),
    "new_year": Words("each 1 January", "每年 1 月 1 日"),
}
"""On which days a rate is set anew."""


def following(loan: Loan, reference: Words | None) -> Words | None:
    """What a rate that floats follows, what that was, and when it is set anew."""
    follows = loan.conditions.floating
    if follows is None or reference is None or follows.figure is None or follows.on is None or loan.pays_on is None:
        return None
    figure, margin, days = percent(follows.figure), percent(follows.margin), OFTEN[follows.resets]
    first = next_reset(follows.resets, loan.pays_on, loan.pays_on)
    return Words(
        f"The rate floats: it is the {reference.en}, {figure} on {follows.on}, and {margin} on it. It is set anew {days.en}, "
        f"first on {first}, to the figure that is in force that day and the same margin, and holds from the end of that day; "
        "what falls due afterwards is reckoned anew, and the borrower is told. It is never below zero, and never such that the "
        "loan costs more a year than the law allows. What fell due by then stands.",
        f"本合同利率为浮动利率：以{reference.zh}（{follows.on} 为 {figure}）加点 {margin} 确定。"
        f"重定价日为{days.zh}，首个重定价日为 {first}；于重定价日按当日有效的定价基准及相同加点重新确定利率，"
        "自该日日终起适用，其后各期应还金额相应重算，并通知借款人。"
        "利率不低于零，且不得使贷款年化综合成本超过法律上限；重定价日及之前已到期的款项不变。",
    )

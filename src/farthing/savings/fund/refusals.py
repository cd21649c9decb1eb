"""Own the refusals of a fund in the bank, in the order in which its rules give them."""

from __future__ import annotations

from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found

FUND_UNKNOWN = not_found("savings.fund_unknown", "There is no fund {fund}.", "没有基金 {fund}。")
FUND_NO_DAY = not_found(
    "savings.fund_no_day",
    "{fund} has no index of {on}: it was founded later, or that day is not closed yet.",
    "{fund} 没有 {on} 的指数：基金当时尚未成立，或该日尚未日终。",
)
FUND_NOT_YOURS = forbidden(
    "savings.fund_not_yours",
    "{actor} may buy and redeem only for itself.",
    "{actor} 只能为自己申购和赎回。",
)
FUND_TERMS_PINNED = conflict(
    "savings.fund_terms_pinned",
    "{fund} was founded on version {pinned}; its terms never change under its holders. Found a fund of another name.",
    "基金 {fund} 按版本 {pinned} 成立，存续期间条款不变；请以其他名称设立新基金。",
)
FUND_BELOW_MINIMUM = declined(
    "savings.fund_below_minimum",
    "{amount} is less than the {minimum} that {fund} starts from; give more.",
    "{amount} 低于 {fund} 的起购金额 {minimum}；请增加金额。",
)
FUND_NOTHING = declined(
    "savings.fund_nothing_to_redeem",
    "There is not a whole cent that could be redeemed from {fund}; wait for income or buy first.",
    "{fund} 中没有可赎回的金额；请等待收益或先申购。",
)
FUND_ORDER_UNKNOWN = not_found(
    "savings.fund_order_unknown", "There is no fund order {order}.", "没有基金订单 {order}。"
)
FUND_ORDER_FINAL = conflict(
    "savings.fund_order_final",
    "Order {order} is {state} and cannot be cancelled; redeem or buy instead.",
    "订单 {order} 状态为“{state_zh}”，不能撤销；请另行赎回或申购。",
)
FUND_PAST_CUT_OFF = declined(
    "savings.fund_past_cut_off",
    "Order {order} could be cancelled until {cut_off} on {trading_on}; redeem or buy instead.",
    "订单 {order} 的撤单截止时间为 {trading_on} {cut_off}；请另行赎回或申购。",
)
FUND_ASSET_UNKNOWN = not_found(
    "savings.fund_asset_unknown", "There is no fund asset {asset}.", "没有基金资产 {asset}。"
)
FUND_ASSET_BAD = malformed(
    "savings.fund_asset_bad",
    "The asset's {field} is {value}; it must be {expected}.",
    "资产的 {field} 为 {value}；应为{expected_zh}。",
)
FUND_CASH_SHORT = declined(
    "savings.fund_cash_short",
    "{fund} has {free} that is not promised to anybody and {wanted} was asked for; buy less.",
    "{fund} 可自由支配 {free}，请求 {wanted}；请减少金额。",
)
FUND_ASSET_ENDED = conflict(
    "savings.fund_asset_ended",
    "{asset} ended on {retired_on} already.",
    "资产 {asset} 已于 {retired_on} 终止。",
)
FUND_ASSET_NOT_MATURE = declined(
    "savings.fund_asset_not_mature",
    "{asset} matures on {to_on}; say what it brings if it ends before.",
    "资产 {asset} 将于 {to_on} 到期；提前终止须注明收回金额。",
)
FUND_FEE_OVER = declined(
    "savings.fund_fee_over",
    "{amount} is more than the {due} that the manager of {fund} has earned; ask for at most that.",
    "{amount} 超过 {fund} 管理人应得的 {due}；请减少金额。",
)
FUND_RANGE = malformed(
    "savings.fund_bad_range",
    "The range from {from_on} to {to_on} has no day; at most {most} days can be asked for, the first one first.",
    "区间 {from_on} 至 {to_on} 无效；起始日须不晚于截止日，且至多 {most} 天。",
)

"""Own the refusals of ledger, in the order in which its rules give them."""

from __future__ import annotations

from farthing.kit.errors import conflict, declined, not_found

CHAIN_OPEN = declined(
    "ledger.chain_open",
    "The batch ends inside a chain; the last link of a chain is not linked.",
    "批次在链中结束；链的最后一笔不得标记 linked。",
)
CHAIN_FAILED = declined(
    "ledger.chain_failed",
    "{reference} is chained to {culprit}, which was refused ({code}); nothing of the chain was posted.",
    "{reference} 与 {culprit} 成链，后者被拒绝（{code}）；整条链均未入账。",
)
REFERENCE_REUSED = conflict(
    "ledger.reference_reused",
    "{reference} was posted before with another {field}; use a new reference for a new fact.",
    "{reference} 已入账且 {field} 不同；新的业务请使用新的编号。",
)
UNKNOWN_HOLD = not_found("ledger.unknown_hold", "There is no hold {hold}.", "没有冻结 {hold}。")
HOLD_RESOLVED = conflict(
    "ledger.hold_resolved",
    "Hold {hold} was {state} before, by {resolution}.",
    "冻结 {hold} 已被 {resolution} {state}。",
)
HOLD_EXPIRED = declined(
    "ledger.hold_expired", "Hold {hold} expired at {expires_at}.", "冻结 {hold} 已于 {expires_at} 到期。"
)
EXPIRY_PASSED = declined(
    "ledger.expiry_passed",
    "{reference} would expire at {expires_at}, which is not after now ({now}).",
    "{reference} 的到期时间 {expires_at} 不晚于当前时间（{now}）。",
)
UNKNOWN_ACCOUNT = not_found(
    "ledger.unknown_account", "There is no account {account}; open it first.", "没有账户 {account}；请先开立。"
)
CURRENCY_DIFFERS = declined(
    "ledger.currency_differs",
    "Account {account} is kept in {currency}; {posted} cannot be posted to it.",
    "账户 {account} 的币种为 {currency}，不能记入 {posted}。",
)
ACCOUNT_CLOSED = declined(
    "ledger.account_closed",
    "Account {account} is closed; open it again first.",
    "账户 {account} 已关闭；请先重新开立。",
)
SETTLEMENT_EXCEEDS = declined(
    "ledger.settlement_exceeds_hold",
    "The settlement of {hold} posts more to {account} than the hold reserved.",
    "冻结 {hold} 的结算对 {account} 超出所冻结的金额。",
)
NOTHING_AVAILABLE = declined(
    "ledger.nothing_available",
    "{reference} would move nothing: {account} has no room.",
    "{reference} 无可用金额：{account} 已无余量。",
)
OVERFLOW = declined(
    "ledger.overflow",
    "{reference} would take {account} beyond 2**62 minor units.",
    "{reference} 会使 {account} 超出 2**62 个最小单位。",
)
INSUFFICIENT = declined(
    "ledger.insufficient_funds",
    "{holder} has {available} available and {wanted} was asked for; ask for less or pay in first.",
    "{holder_zh} 可用 {available}，请求 {wanted}；请减少金额或先存入。",
)
ABOVE_CEILING = declined(
    "ledger.above_ceiling",
    "Account {account} has room for {room} and {wanted} was to be added.",
    "账户 {account} 还可增加 {room}，而请求增加 {wanted}。",
)
ALREADY_REVERSED = declined(
    "ledger.already_reversed",
    "{reference} was reversed before; an entry is reversed once.",
    "{reference} 此前已冲正；一笔分录只能冲正一次。",
)

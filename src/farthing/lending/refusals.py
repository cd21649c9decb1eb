"""Own the refusals of lending, in the order in which its rules give them."""

from __future__ import annotations

from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found

UNKNOWN_LOAN = not_found("lending.unknown_loan", "There is no loan {loan_id}.", "没有贷款 {loan_id}。")
UNKNOWN_OFFER = not_found("lending.unknown_offer", "There is no offer {offer_id}.", "没有借款方案 {offer_id}。")
NOT_YOURS = forbidden("lending.not_yours", "{what} belongs to another customer.", "{what} 属于另一位客户。")
OFFER_EXPIRED = declined(
    "lending.offer_expired",
    "Offer {offer_id} was good until {expires_on}; apply again for a new one.",
    "借款方案 {offer_id} 已于 {expires_on} 失效；请重新申请。",
)
OFFER_CHANGED = conflict(
    "lending.offer_changed",
    "What was accepted ({seen}) is not what offer {offer_id} says ({offered}); read it again.",
    "接受的内容（{seen}）与借款方案 {offer_id}（{offered}）不符；请重新阅读。",
)
OUT_OF_PRODUCT = declined(
    "lending.outside_product",
    "{product} lends {least} to {most} in {fewest} to {longest} instalments; {asked} was asked for.",
    "{product_zh} 可借 {least} 至 {most}，{fewest} 至 {longest} 期；申请的是 {asked}。",
)
PAID_OUT_AT_ONCE = declined(
    "lending.paid_out_at_once",
    "{product} is paid out at once; leave out what is to be paid first, and ask for what is needed.",
    "{product_zh} 一次性放款；请不要填写首次放款金额，按所需金额申请。",
)
FIRST_OUTSIDE = declined(
    "lending.first_outside",
    "{first} cannot be paid out first: it is {least} at least, and at most the {amount} that is asked for.",
    "首次放款金额 {first} 不符：最低 {least}，最高为申请金额 {amount}。",
)
PARTY_KIND = declined(
    "lending.party_kind",
    "{product} is lent to {kinds} alone, and the borrower is a {kind}; choose another product.",
    "{product_zh} 仅面向 {kinds_zh}，借款人为 {kind_zh}；请选择其他产品。",
)
AGE_OUTSIDE = declined(
    "lending.age_outside",
    "{product} is lent to people of {least} to {most} years, and the borrower is {age}; choose another product.",
    "{product_zh} 面向 {least} 至 {most} 周岁的借款人，借款人现为 {age} 周岁；请选择其他产品。",
)
WRONG_STATE = conflict(
    "lending.wrong_state",
    "Loan {loan_id} is {state}; it must be {wanted} for this.",
    "贷款 {loan_id} 状态为“{state_zh}”，须为“{wanted_zh}”。",
)
SHARES_WRONG = declined(
    "lending.shares_do_not_sum",
    "The funders' shares sum to {shares}, not to the principal {principal}.",
    "各出资份额合计 {shares}，不等于本金 {principal}。",
)
UNDRAWN_SHARED = declined(
    "lending.undrawn_shared",
    "Loan {loan_id} is paid out in parts, which the own book alone funds; name nobody else.",
    "贷款 {loan_id} 分次放款，只能由本机构出资；请勿列入其他出资人。",
)
LENDER_UNNAMED = declined(
    "lending.lender_unnamed",
    "The lender {holder} comes without its legal name and its unified social credit code, which the contract says; give both.",
    "出资人 {holder} 未提供合同须载明的名称与统一社会信用代码；请补充。",
)
MORE_THAN_DUE = declined(
    "lending.more_than_due",
    "{amount} is more than the {due} due; pay that, settle the loan with {settlement}, or choose first what paying more does.",
    "{amount} 多于应还 {due}；请按应还金额还款，或一次结清 {settlement}，或先选择提前还款方式。",
)
NOTHING_DUE = declined(
    "lending.nothing_due",
    "Nothing is due on loan {loan_id}; next is {next_amount} on {next_on}. To pay before, choose first what that does.",
    "贷款 {loan_id} 现无应还；下期 {next_on} 应还 {next_amount}。如需提前还款，请先选择提前还款方式。",
)
CONTRACT_DAY_PASSED = conflict(
    "lending.contract_day_passed",
    "The contract of loan {loan_id} holds for payment on {pays_on}, and today is {on}; draw it again and sign it anew.",
    "贷款 {loan_id} 的合同以 {pays_on} 放款为准，今天是 {on}；请重新出具合同并重新签署。",
)
REASON_MISSING = malformed(
    "lending.reason_missing",
    "Say why in a few words; whoever looks at it later has nothing else.",
    "请写明理由；日后查阅时以此为据。",
)

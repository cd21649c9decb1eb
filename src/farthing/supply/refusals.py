"""Own what supply-chain finance says no with. Pure."""

from __future__ import annotations

from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found

NOT_BASE64 = malformed(
    "supply.invoice_not_base64", "The invoice file is not valid base 64.", "发票文件不是有效的 base64。"
)
UNKNOWN_INVOICE = not_found("supply.unknown_invoice", "There is no invoice {invoice_id}.", "没有发票 {invoice_id}。")
UNKNOWN = not_found(
    "supply.unknown_receivable", "There is no receivable {receivable_id}.", "没有应收账款 {receivable_id}。"
)
UNKNOWN_PIECE = not_found(
    "supply.unknown_piece",
    "Receivable {receivable_id} has no piece {piece}.",
    "应收账款 {receivable_id} 没有第 {piece} 份。",
)
UNKNOWN_TRANSFER = not_found(
    "supply.unknown_transfer", "There is no transfer {transfer_id}.", "没有转让 {transfer_id}。"
)
NOT_SELLER = declined(
    "supply.not_seller",
    "The invoice was issued by {seller}, which is not you; only its seller brings it.",
    "该发票的销售方为 {seller}，并非贵单位；须由销售方提交。",
)
NOT_BUYER = declined(
    "supply.not_buyer",
    "The invoice is to {buyer}, which is not you; only its buyer confirms it.",
    "该发票的购买方为 {buyer}，并非贵单位；须由购买方确认。",
)
OWN_BUYER = declined(
    "supply.own_buyer", "Seller and buyer of the invoice are the same.", "该发票的购销双方为同一单位。"
)
INVOICE_DIFFERS = conflict(
    "supply.invoice_differs",
    "Invoice {number} is registered with {known}; this file says {found}. A changed invoice is issued under a new number.",
    "发票 {number} 已登记为 {known}，该文件为 {found}；变更后的发票须使用新号码。",
)
CREDITS_MORE = declined(
    "supply.credits_more",
    "The credit note takes back {amount}, and {free} of the invoice is neither credited nor confirmed; end a confirmation first.",
    "红冲金额 {amount} 超过发票尚未红冲且未确权的 {free}；请先撤销确权。",
)
BEYOND_INVOICE = declined(
    "supply.beyond_invoice",
    "{amount} is more than the {free} of the invoice that is neither credited nor confirmed.",
    "{amount} 超过发票尚未红冲且未确权的 {free}。",
)
DUE_OUTSIDE = declined(
    "supply.due_outside",
    "The payable is due on a day from tomorrow to {last}; {due_on} was given ({article}).",
    "到期日须在明日至 {last} 之间；收到 {due_on}（{article_zh}）。",
)
NOT_SIGNATORY = declined(
    "supply.not_signatory",
    "{person} has no power in force to confirm payables for {organisation}; a counter enters its signatories by its papers.",
    "{person} 没有代 {organisation} 办理应付账款确权的有效授权；请携带单位文件到柜台登记授权签署人。",
)
SAME_SIGNATORY = declined(
    "supply.same_signatory", "Two different signatories confirm; one was named twice.", "须由两名不同的授权签署人确认。"
)
NOT_SIGNED = declined(
    "supply.not_signed",
    "The agreement is not in force yet: {state}. Everybody named in it signs first.",
    "合同尚未生效：{state}。请各方先行签署。",
)
NOT_BINDING = conflict(
    "supply.not_binding",
    "A contract that it stands on ({agreement_id}) was ended and does not bind; nothing is passed on, lent against or paid.",
    "其所依据的合同（{agreement_id}）已终止，不具约束力；不得转让、融资或兑付。",
)
OTHER_STATE = conflict(
    "supply.other_state", "The receivable is {state} and not {wanted}.", "应收账款状态为{state}，而非{wanted}。"
)
NOT_FREE = conflict(
    "supply.piece_not_free",
    "Piece {piece} is {state}; a piece is passed on, split or pledged once.",
    "第 {piece} 份当前为{state}；同一份额不得重复转让、拆分或质押。",
)
NOT_HOLDER = forbidden("supply.not_holder", "Piece {piece} is held by somebody else.", "第 {piece} 份由他人持有。")
TOO_SMALL = declined(
    "supply.piece_too_small",
    "No piece is smaller than {least}: {part} would be ({article}).",
    "每份不得低于 {least}；拆分后有一份为 {part}（{article_zh}）。",
)
MORE_THAN_PIECE = declined(
    "supply.more_than_piece",
    "Piece {piece} is {there}; {amount} was asked of it.",
    "第 {piece} 份为 {there}，申请 {amount}。",
)
TO_DEBTOR = declined(
    "supply.to_debtor",
    "A piece never passes to the company that owes it.",
    "不得转让给债务人本身。",
)
WENT_BACK = declined(
    "supply.went_back",
    "{taker} held it, or what it was split from, before; a piece never goes back ({article}).",
    "{taker} 曾持有该份额或其来源份额；不得转回前手（{article_zh}）。",
)
MATURED = declined(
    "supply.matured",
    "It was due on {due_on}; nothing of it is passed on or pledged any more.",
    "已于 {due_on} 到期，不再转让或质押。",
)
NOT_DUE = declined(
    "supply.not_due", "It is due on {due_on}; it is paid from then on.", "到期日为 {due_on}，届时方可付款。"
)
MORE_THAN_OWED = declined(
    "supply.more_than_owed", "{left} is owed of it; {amount} was to be paid.", "尚欠 {left}，付款 {amount}。"
)
NOT_GRADED = declined(
    "supply.debtor_not_graded",
    "The bank has not graded {debtor}, so nothing is lent on its word.",
    "本行尚未对 {debtor} 评级，暂不提供融资。",
)
DEBTOR_FULL = declined(
    "supply.debtor_full",
    "At most {most} is lent on this company's word, of which {used} is used; {face} more is too much.",
    "以该企业信用融资合计至多 {most}，已用 {used}；本笔 {face} 超限。",
)
GRADE_UNKNOWN = malformed("supply.grade_unknown", "A grade is 1 to 5, not {grade}.", "等级为 1 至 5，收到 {grade}。")
OTHER_PRODUCT = declined(
    "supply.other_product",
    "{product} is no product for money against a receivable: one instalment at its end, counted in days, decided on the debtor.",
    "{product} 不是应收账款融资产品：须按日计期、到期一次还本付息、以债务人评级审批。",
)
TOO_LITTLE = declined(
    "supply.too_little",
    "A piece of {face} carries less than the product lends.",
    "{face} 的份额可融资金额低于该产品下限。",
)
STILL_BEHIND = declined(
    "supply.still_behind",
    "The piece stands behind loan {loan_id}, which is not over.",
    "该份额仍为贷款 {loan_id} 提供质押。",
)
REFUSED = declined(
    "supply.advance_refused", "{reason} So nothing is lent on its word.", "{reason_zh}因此不以该债务人信用融资。"
)

"""Own the list of public events: each kind once, the operation or the entry that it is read from, and its fields. Pure.

Kinds and fields may be added; none changes its meaning or goes.
"""

from __future__ import annotations

from collections.abc import Mapping

from farthing.credit import service as credit
from farthing.credit.review import service as review
from farthing.credit.review.model import LATE as REVIEW_LATE
from farthing.credit.review.model import LateTold as ReviewLateTold
from farthing.events.agent_kinds import AGENTS
from farthing.events.dispute_kinds import DISPUTES
from farthing.events.kinds import Kind, but, noted, posted, told
from farthing.events.party_kinds import PARTIES
from farthing.events.standing_kinds import STANDING
from farthing.events.voice_kinds import VOICE
from farthing.funding import service as funding
from farthing.funding.market import batches_service as batches
from farthing.funding.market import listings_service as market
from farthing.funding.market.listings_model import LISTED, LISTING_ENDED, LISTING_PLACED, ListingTold
from farthing.identity.authenticators.model import CLONED, ClonedTold
from farthing.kernel import approvals
from farthing.kernel.day import advance_day
from farthing.kit.words import Words
from farthing.lending import service as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.shelf import service as loan_shelf
from farthing.payments import service as payments
from farthing.payments.bindings import service as bindings
from farthing.payments.bindings.model import BOUND, BoundTold
from farthing.payments.debits import drawing_service as drawing
from farthing.payments.debits import service as debits
from farthing.payments.debits.model import FAILED, FailedTold
from farthing.payments.delayed import service as delayed
from farthing.payments.delayed.model import ENDED as LATER_ENDED
from farthing.payments.delayed.model import EndedTold as LaterEndedTold
from farthing.payments.fraud.model import ENDED, HELD, EndedTold, HeldTold
from farthing.payments.life import recall_service as recalls
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants import terms_service as terms
from farthing.payments.orders import service as orders
from farthing.payments.packets import service as packets
from farthing.payments.payees import service as payees
from farthing.payments.reported import service as reported
from farthing.payments.reported.model import FROZE, UNFROZE, FrozenTold, UnfrozenTold
from farthing.payments.requests import service as requests
from farthing.payments.requests import splitting_service as bills
from farthing.payments.tills import cash_service as cash
from farthing.payments.wallets import CODE_SETTLED
from farthing.savings.fund import service as pool

KINDS: tuple[Kind, ...] = (
    *AGENTS,
    told(
        "approvals.decided", Words("A draft was decided by a second person.", "第二人对待复核事项作出决定。"), approvals.decide,
        approval_id="result.approval_id", state="result.state",
    ),
    told(
        "bank.day_closed", Words("A business day was closed.", "一个营业日已日终。"), advance_day,
        closed="result.closed", business_date="result.business_date",
    ),
    noted(
        "bindings.bound", Words("A card or an account of another bank was bound to a customer.", "客户绑定了他行银行卡或账户。"),
        BOUND, BoundTold,
    ),
    told(
        "bindings.ended", Words("A customer unbound a card or an account.", "客户解绑了银行卡或账户。"), bindings.unbind,
        binding_id="result.id", party_id="command.party_id",
    ),
    told(
        "credit.complaint_answered", Words("The bank answered a dispute about a datum.", "银行答复了对数据的异议。"),
        credit.answer_dispute, complaint_id="result.id", party_id="result.party_id", state="result.state",
    ),
    told(
        "credit.complaint_opened", Words("A customer disputed a datum.", "客户对一项数据提出异议。"), credit.dispute_datum,
        complaint_id="result.id", party_id="result.party_id", answer_by="result.answer_by", state="result.state",
    ),
    told(
        "credit.consent_given", Words("A customer gave a consent.", "客户作出授权。"), credit.give_consent,
        consent_id="result.id", party_id="result.party_id", purpose="result.purpose", expires_on="result.expires_on",
    ),
    told(
        "credit.consent_revoked", Words("A customer took a consent back.", "客户撤回授权。"), credit.revoke_consent,
        consent_id="result.id", party_id="result.party_id", purpose="result.purpose",
    ),
    told(
        "credit.decided", Words("A credit decision was made.", "作出一项信贷决定。"), credit.decide_by_report,
        decision_id="result.id", party_id="result.party_id", product="result.product", amount="result.amount",
        approved="result.approved",
    ),
    told(
        "credit.review_answered", Words("A person reviewed a decision.", "人工复核了一项信贷决定。"), review.answer_review,
        review_id="result.id", decision_id="result.decision_id", party_id="result.party_id", outcome="result.outcome",
    ),
    told(
        "credit.review_asked", Words("A customer asked that a person look at a decision.", "客户请求人工复核信贷决定。"),
        review.ask_review, review_id="result.id", decision_id="result.decision_id", party_id="result.party_id",
    ),
    noted(
        "credit.review_late", Words("A review of a decision was not answered by its day.", "人工复核未在期限内答复。"),
        REVIEW_LATE, ReviewLateTold,
    ),
    told(
        "debits.announced", Words("A debit was announced to its payer.", "已通知付款人将要扣款。"), debits.announce,
        debit_id="result.id", mandate_id="result.mandate_id", amount="result.amount", due_on="result.due_on",
        sequence="result.sequence",
    ),
    noted("debits.failed", Words("A debit was not drawn.", "扣款未成功。"), FAILED, FailedTold),
    told(
        "debits.mandate_ended", Words("A mandate was ended or refused.", "扣款授权被终止或拒绝。"), debits.end,
        mandate_id="result.id", state="result.state",
    ),
    told(
        "debits.mandate_signed", Words("A payer signed a mandate, or changed its limits.", "付款人签署扣款授权或调整限额。"),
        debits.sign, debits.set_limits,
        mandate_id="result.id", payer="command.payer", each_max="result.each_max", month_max="result.month_max",
    ),
    told(
        "debits.refunded", Words("A payer had a debit back.", "付款人退回一笔扣款。"), drawing.refund,
        debit_id="result.id", mandate_id="result.mandate_id", amount="result.amount",
    ),
    noted(
        "delayed.ended", Words("A payment whose time had come went, or could not go.", "延时付款已转出或未能转出。"), LATER_ENDED,
        LaterEndedTold,
    ),
    told(
        "delayed.made", Words("A payment was made that goes later.", "客户发起了延时付款。"), delayed.pay,
        payment_id="result.id", payer="command.payer", amount="result.amount", goes_at="result.goes_at",
    ),
    told(
        "delayed.taken_back", Words("A payer took a payment back before it went.", "客户撤销了延时付款。"), delayed.take_back,
        payment_id="result.id", payer="command.payer", amount="result.amount",
    ),
    *DISPUTES,
    told(
        "funding.partner_answered", Words("A partner answered whether it lends.", "合作方答复是否出资。"), funding.record_answer,
        inquiry_id="command.inquiry_id", loan_id="result.loan_id", agreed="command.agreed",
    ),
    posted(
        "funding.repayment_shared",
        Words("What was repaid of a loan was shared out among those who fund it.", "一笔还款已分配给各出资人。"),
        "distribution", "loan", "loan",
    ),
    noted(
        "identity.passkey_cloned",
        Words("A passkey seems to have been copied, and was ended.", "一个通行密钥疑似被复制，已停用。"),
        CLONED, ClonedTold,
    ),
    posted("ledger.reversed", Words("An entry was reversed.", "一笔分录已冲正。"), "reversal"),
    told(
        "lending.application_decided", Words("An application for a loan was decided.", "一笔贷款申请已有决定。"),
        lending.offer_by_report, decision_id="result.decision_id", approved="result.approved", limit="result.limit",
    ),
    told(
        "lending.contract_sealed", Words("The contract of a loan was signed by all and sealed.", "贷款合同已签署并盖章。"),
        contracts.sealed, loan_id="result.id", party_id="result.party_id", contract_id="result.contract_id",
        state="result.state",
    ),
    told(
        "lending.loan_accepted", Words("A customer accepted an offer.", "客户接受了借款方案。"), lending.accept_offer,
        loan_id="result.id", party_id="result.party_id", offer_id="result.offer_id", amount="result.principal",
        state="result.state",
    ),
    posted("lending.loan_paid_out", Words("A loan was paid out.", "一笔贷款已放款。"), "disbursement", "loan"),
    posted(
        "lending.loan_repaid", Words("A loan was repaid in part or in full.", "一笔贷款已部分或全部还款。"), "repayment", "loan"
    ),
    told(
        "lending.loan_withdrawn", Words("An accepted loan was withdrawn before it was paid out.", "已接受的贷款在放款前撤回。"),
        funding.withdraw, lending.cancel, loan_id="result.id", party_id="result.party_id", state="result.state",
    ),
    told(
        "market.batch_cleared", Words("A batch of the marketplace was cleared.", "一个撮合批次已完成。"), batches.finish,
        batch_id="result.id", listings="result.listings", mandates="result.mandates", asked="result.asked",
        offered="result.offered", funded="result.funded", digest="result.digest", fills_digest="result.fills_digest",
    ),
    told(
        "market.bid_made", Words("A lender picked a part of a listed loan by hand.", "出借人手动认购了标的的一部分。"),
        market.bid, fill_id="result.fill.id", listing_id="result.fill.listing_id", party_id="result.fill.party_id",
        amount="result.fill.amount",
    ),
    told(
        "market.bid_taken_back", Words("A lender took a part of a listed loan back.", "出借人撤回了标的的一部分。"),
        market.take_back, fill_id="result.id", listing_id="result.listing_id", party_id="result.party_id",
        amount="result.amount",
    ),
    posted(
        "market.fund_paid", Words("The protection fund paid lenders of a loan.", "风险缓释金向一笔贷款的出借人赔付。"),
        "protection", "loan", "market:protection",
    ),
    posted(
        "market.lenders_refunded",
        Words("Lenders have back what they gave to a listing that was not placed.", "未成立标的的出借款已退还出借人。"),
        "return", "listing", "market:return",
    ),
    noted(
        "market.listing_ended",
        Words("A listing ended otherwise, and its lenders have their money back.", "标的未成立而结束，出借款已退还。"),
        LISTING_ENDED, ListingTold,
    ),
    noted("market.listing_opened", Words("A loan was listed for lenders.", "一笔借款已挂牌。"), LISTED, ListingTold),
    noted(
        "market.listing_placed", Words("A listing is funded, and its lenders hold the loan.", "标的已成立，由其出借人持有。"),
        LISTING_PLACED, ListingTold,
    ),
    posted(
        "market.note_sold", Words("A lender sold a part of his note to another.", "出借人向他人转让了债权份额。"), "resale",
        "resale", "market:resale",
    ),
    told(
        "merchants.code_withdrawn", Words("A till's static code was withdrawn.", "静态收款码已停用。"), merchants.withdraw_code,
        terms.stop_code, code_id="result.id", till_id="result.till_id",
    ),
    told(
        "merchants.contract_changed",
        Words("Other terms were agreed with a merchant, from a day on.", "商户合同已变更，自某日起生效。"),
        terms.change_contract, merchant_id="command.merchant_id", from_on="result.from_on", fee_rate="result.fee.rate",
        fee_by="result.fee.by", settles="result.settles",
    ),
    told(
        "merchants.ended", Words("A merchant takes no more money by codes.", "商户已停止扫码收款。"), terms.end_merchant,
        merchant_id="result.id", ended_on="result.ended_on",
    ),
    told(
        "merchants.opened", Words("A customer may take money by codes.", "客户开通扫码收款。"), merchants.open_merchant,
        merchant_id="result.id", party_id="result.party_id", fee_rate="result.fee.rate", settles="result.settles",
    ),
    posted(
        "merchants.paid_out", Words("A merchant was paid out what was due.", "商户款项已结算。"), CODE_SETTLED, "settlement",
    ),
    told(
        "merchants.payment_captured", Words("A payment by code was captured.", "扫码付款已成功。"), taking.pay, taking.charge,
        payment_id="result.id", merchant_id="result.merchant_id", till_id="result.till_id", amount="result.amount",
        paid="result.paid", fee="result.fee", level="result.level", due_on="result.due_on", recorded_at="result.recorded_at",
    ),
    told(
        "merchants.refunded", Words("A payment by code was given back, whole or in part.", "扫码付款已退款，全部或部分。"),
        refunds.refund, refund_id="result.id", payment_id="result.payment_id", merchant_id="command.merchant_id",
        amount="result.amount", fee="result.fee", left="result.left", refunded_at="result.refunded_at",
    ),
    told(
        "orders.agreed", Words("A file of payment orders was agreed to.", "付款文件已确认。"), orders.agree,
        file_id="result.id", party_id="command.party_id", pays="result.pays", status="result.status",
    ),
    told(
        "orders.brought", Words("A file of payment orders was brought.", "已提交付款文件。"), orders.bring,
        file_id="result.id", party_id="command.party_id", pays="result.pays", status="result.status",
    ),
    told(
        "orders.withdrawn", Words("What was not paid of a file of payment orders was taken back.", "付款文件中未付交易已撤回。"),
        orders.withdraw, file_id="result.id", party_id="command.party_id", status="result.status",
    ),
    posted(
        "packets.returned",
        Words("What nobody took of a red packet went back to its sender.", "红包到期，未领取的金额退回发红包的人。"),
        "packet-back", "packet",
    ),
    told(
        "packets.sent", Words("A red packet was laid out.", "有人发出红包。"), packets.send,
        packet_id="result.id", sender="result.sender", kind="result.kind", total="result.total", shares="result.shares",
        commitment="result.commitment", ends_at="result.ends_at",
    ),
    posted(
        "packets.taken",
        Words("Parts of a red packet were taken, one or many in one entry.", "红包被领取，一笔分录含一份或多份。"),
        "packet", "packet",
    ),
    *PARTIES,
    told(
        "payments.cash_paid_in", Words("Cash was paid into a wallet.", "现金存入钱包。"), cash.cash_in,
        cash_id="result.id", party_id="result.party_id", amount="result.amount",
    ),
    told(
        "payments.cash_paid_out", Words("Cash was paid out of a wallet.", "从钱包支取现金。"), cash.cash_out,
        cash_id="result.id", party_id="result.party_id", amount="result.amount",
    ),
    noted("payments.held", Words("A payment waits for a person to look at it.", "一笔付款等待人工核实。"), HELD, HeldTold),
    noted(
        "payments.held_ended",
        Words("A payment that waited was let go, refused or taken back.", "待核实付款已放行、退回或撤回。"), ENDED, EndedTold,
    ),
    noted("payments.money_frozen", Words("Reported money was frozen in a wallet.", "钱包内涉诈款项已冻结。"), FROZE, FrozenTold),
    noted(
        "payments.money_unfrozen", Words("Frozen money was given back, or is free.", "冻结款项已退回或解冻。"), UNFROZE,
        UnfrozenTold,
    ),
    but(
        told(
            "payments.paid", Words("A customer paid somebody by phone or code.", "客户按手机号或收款码付款。"), payees.pay,
            payment_id="result.id", payer="command.payer", amount="result.amount",
        ),
        "result.held_until",
    ),
    posted(
        "payments.pay_out_arrived", Words("A pay-out that was on its way arrived.", "在途汇出已到账。"), "pay-out.settled",
    ),
    posted(
        "payments.pay_out_came_back", Words("A pay-out came back, whole or in part.", "汇出全部或部分退回。"), "pay-out.back",
    ),
    told(
        "payments.rail_answered",
        Words(
            "Another bank answered a top-up or a pay-out: settled, on its way, or refused.",
            "他行答复充值或汇出：成功、在途或被拒。",
        ),
        payments.rail_answered, payment_id="result.id", party_id="result.party_id", direction="result.direction",
        amount="result.amount", state="result.state",
    ),
    told(
        "payments.recall_asked", Words("A pay-out was asked back from the payee's bank.", "已向收款行申请撤回汇出。"),
        recalls.recall, payment_id="result.id", party_id="result.party_id", amount="result.amount", state="result.state",
    ),
    told(
        "payments.reported", Words("A payer reported a payment as fraud.", "付款人举报涉诈付款。"), reported.report,
        report_id="result.id", payer="command.payer", amount="result.amount", frozen="result.frozen",
    ),
    posted(
        "payments.top_up_taken_back", Words("A top-up was taken back by the other bank.", "充值被他行撤回。"), "top-up.back",
    ),
    but(
        told(
            "payments.transferred", Words("Money moved from one wallet to another.", "资金从一个钱包转入另一个钱包。"),
            payments.transfer, transfer_id="result.id", payer="result.payer", payee="result.payee", amount="result.amount",
        ),
        "result.held_until",
    ),
    told(
        "payments.wallet_opened", Words("A wallet was opened.", "钱包已开立。"), payments.open_wallet,
        party_id="result.party_id", currency="result.currency",
    ),
    told(
        "products.published", Words("Terms of a loan product, or a policy, were published.", "贷款产品条款或政策已公布。"),
        loan_shelf.publish, product="result.product", version="result.version",
    ),
    told(
        "requests.bill_split", Words("A bill was split, and its people were asked.", "账单已分摊并发起收款。"), bills.split,
        split_id="result.id", maker="command.maker", total="result.total", own="result.own",
    ),
    told(
        "requests.ended", Words("A request to pay was declined or withdrawn.", "收款请求被拒绝或撤回。"),
        requests.decline, requests.withdraw, request_id="result.id", amount="result.amount", state="result.state",
    ),
    told(
        "requests.made", Words("Somebody was asked to pay.", "有人发起收款请求。"), requests.ask,
        request_id="result.id", asker="command.asker", amount="result.amount", expires_at="result.expires_at",
    ),
    but(
        told(
            "requests.paid", Words("A request to pay was paid.", "收款请求已支付。"), requests.pay,
            request_id="result.id", payer="command.payer", amount="result.amount",
        ),
        "result.held_until",
    ),
    told(
        "requests.reminded", Words("Somebody was reminded of a request to pay.", "收款请求已提醒。"), requests.remind,
        request_id="result.id", amount="result.amount",
    ),
    posted(
        "savings.deposited", Words("Money came into a deposit.", "资金存入一笔存款。"), "savings.deposit", "deposit"
    ),
    told(
        "savings.fund_ordered", Words("Units of a fund were ordered or given back.", "申购或赎回基金份额。"),
        pool.subscribe, pool.redeem, order_id="result.id", fund="result.fund", party_id="result.party_id",
        kind="result.kind", state="result.state",
    ),
    posted(
        "savings.interest_paid", Words("Interest was paid on a deposit, or taken back.", "一笔存款结息，或收回利息。"),
        "savings.interest", "deposit",
    ),
    posted(
        "savings.paid_out", Words("A deposit paid out: withdrawn, closed or matured.", "一笔存款付出：支取、销户或到期。"),
        "savings.withdrawal", "deposit",
    ),
    *STANDING,
    *VOICE,
)  # fmt: skip
"""Every kind of public event, in the order of the alphabet."""

BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}
BY_OPERATION: Mapping[str, Kind] = {name: kind for kind in KINDS for name in kind.sources}
BY_ENTRY: Mapping[str, Kind] = {kind.entry: kind for kind in KINDS if kind.entry}
OWN_ENTRIES = frozenset({"payments.transfer", "payments.pay", "merchants.pay", "merchants.charge", "ledger.post"})
"""Operations whose entries are not looked up: their own event tells all of it, or they are an outside core's own books."""

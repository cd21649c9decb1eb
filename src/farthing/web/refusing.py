"""Own how a refusal is told on a page: to a person, who has no use for ids, permissions or names of fields.

Pure. The API's sentence stays as it is; a page says the same of "you", names fields as the form does, leaves ids out,
and shows the next step where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from farthing.kit.errors import CODES, Refusal
from farthing.kit.words import Words
from farthing.web.told import field

BRING_A_BILL = ("/history", Words("Bring your bill", "导入支付账单"))
LEVEL = ("/me/level", Words("See and renew your level", "查看并更新核验等级"))
SIGN_IN = ("/", Words("Sign in", "登录"))
NEXT: Mapping[str, tuple[str, Words]] = {
    "market.not_ready": ("/lend", Words("See what is missing", "查看未完成事项")),
    "credit.consent_missing": BRING_A_BILL, "credit.consent_expired": BRING_A_BILL,
    "credit.consent_revoked": BRING_A_BILL, "credit.no_history": BRING_A_BILL,
    "identity.not_signed_in": SIGN_IN, "identity.prove_again": ("/me/again", Words("Sign in once more", "再次登录")),
    "kernel.second_factor_needed": ("/me/devices", Words("Set it up", "去设置")),
    "identity.sign_in_again": ("/me/again", Words("Sign in once more", "再次登录")),
    "payments.over_password": ("/me/devices", Words("Add a passkey", "添加通行密钥")),
    "identity.no_passkey": ("/me/devices", Words("Add a passkey", "添加通行密钥")),
    **dict.fromkeys(
        ("parties.level_lapsed", "parties.level_too_low", "signing.level_too_low", "policy.verification_level", "bindings.level",
         "policy.unconfirmed_out", "packets.sender_level"), LEVEL,
    ),
    "lending.offer_expired": ("/apply", Words("Apply again", "重新申请")),
    "ledger.insufficient_funds": ("/top-up", Words("Top up", "充值")),
    "payments.payee_changed": ("/pay", Words("Look the phone up again", "重新查询手机号")),
}  # fmt: skip
"""Where a person goes on from a refusal."""
BILL_FIRST = Words(
    "Bring your bill first: a loan is decided on your payment history, which you allow to be used with it.",
    "请先导入您的支付账单：贷款依据您的支付记录作出决定，导入时由您同意使用。",
)
SAID: Mapping[str, Words] = {
    "identity.not_signed_in": Words(
        "You are not signed in, or no longer; sign in to go on.", "您尚未登录，或登录已失效；请登录后继续。"
    ),
    "kernel.forbidden": Words(
        "This is not for the login you are signed in with; sign in with one that may do this.",
        "当前登录的账户不办理此事项；请使用可办理的账户登录。",
    ),
    "kernel.not_yours": Words(
        "This belongs to another customer; you see and do only what is yours.",
        "此项属于其他客户；您只能查看和办理自己的事务。",
    ),
    "kernel.customer_not_there": Words(
        "This is done for a customer only while the customer is there; have the identity proved first.",
        "仅当客户本人在场时方可代为办理；请先核实客户身份。",
    ),
    "credit.not_yours": Words("This belongs to another customer.", "此项属于其他客户。"),
    "lending.not_yours": Words("This belongs to another customer.", "此项属于其他客户。"),
    "payments.not_your_wallet": Words("You move money only out of your own wallet.", "您只能动用自己的钱包。"),
    "payments.no_wallet": Words(
        "There is no wallet of this currency yet; open one first.", "尚无该币种的钱包；请先开立。"
    ),
    "payments.payee_unknown": Words(
        "The payee has no wallet here; check what you typed.", "收款方在本行没有钱包；请核对所填内容。"
    ),
    "parties.not_known": Words(
        "Nobody here answers to this; check it. Whoever is new registers at the front page first.",
        "没有相符的客户；请核对。新客户请先在首页注册。",
    ),
    "credit.consent_missing": BILL_FIRST,
    "credit.no_history": BILL_FIRST,
    "credit.consent_expired": Words(
        "Your consent has ended; bring your bill again to give it anew.", "您的授权已到期；请重新导入账单并授权。"
    ),
    "credit.consent_revoked": Words(
        "You took your consent back; bring your bill again to give it anew.",
        "您已撤回授权；如需继续，请重新导入账单并授权。",
    ),
    "payments.no_drawer": Words(
        "No drawer is open for your login; open one at a till first, for cash passes only through a drawer that somebody "
        "answers for.",
        "您尚未开启尾箱；现金只能经由有人负责的尾箱收付，请先在柜位开启尾箱。",
    ),
    "money.out_of_range": Words("The amount is too large; give a smaller one.", "金额过大；请减小金额。"),
    "market.none": Words("Lending to people is not offered here.", "本行暂不提供出借服务。"),
    "market.not_ready": Words(
        "Something is missing before you may lend: the test, a simulated loss, or the warning.",
        "出借前尚有事项未完成：知识测试、损失模拟或风险提示确认。",
    ),
    "market.not_verified": Words(
        "Who lends is known by number and phone; have both confirmed at a counter first.",
        "出借人须完成证件与手机号核验；请先到网点办理。",
    ),
    "market.below_note": Words(
        "Each of the amounts is at least the smallest part that is lent; raise what is less.",
        "各项金额均不得低于单份出借金额；请提高过低的一项。",
    ),
    "market.test_not_answered": Words("Answer every question, then send the test.", "请答完全部题目后再提交。"),
    "products.unknown": Words("There is no such product here; choose another.", "没有这一产品；请选择其他产品。"),
}
"""Sentences for people, where the API's speaks of actors, permissions or ids."""
COUNTED = {
    "identity.wrong_login",
    "identity.code_wrong",
    "identity.app_code_wrong",
    "identity.locked",
    "identity.too_many_codes",
    "payments.nobody_answers",
}
"""Refusals after which a try is counted: not nothing was changed."""
YOURS = (re.compile(r"^.*?(?= has .* available)"), re.compile(r"^.*?(?= 可用 )"))
_FACT = re.compile(r"\{[^{}]*\}")
_NAMED = r"(?: of)? ?\b(?:[a-z-]+:)*(?:[a-z]+_|[a-z]+:)[0-9a-z]{20,}(?::[0-9a-z-]+)*\b"
_ID = re.compile(rf"{_NAMED} ?(?=[\u4e00-\u9fff，。；：、]|$)|{_NAMED}")
"""An id, or a reference that one stands in (``rail:sandbox:rail_...``)."""


AT: Mapping[str, str] = {
    "payments.payee_unknown": "payee", "payments.nobody_answers": "phone", "parties.phone_invalid": "phone",
    "payments.too_many_lookups": "phone", "payments.same_wallet": "phone",
    "payments.bad_outside_account": "card", "payments.collect_amount": "amount",
    "merchants.no_amount": "amount", "merchants.over_day": "amount", "merchants.other_amount": "amount",
    "merchants.refund_too_much": "amount", "merchants.too_little_to_refund": "amount", "merchants.over_code": "amount",
    "merchants.code_forged": "text", "merchants.code_used": "text", "merchants.code_expired": "text",
    "merchants.code_unknown": "text", "merchants.code_withdrawn": "text", "codes.not_payers": "shown",
    "merchants.bad_fee": "rate", "merchants.contract_too_soon": "from_on",
    "packets.too_small": "shares", "packets.bad_shares": "shares", "packets.too_many_shares": "shares",
    "packets.more_than_people": "shares", "packets.too_large": "amount", "packets.too_much_a_day": "amount",
    "packets.bad_greeting": "greeting",
    "standing.passed": "first_on", "standing.too_far": "first_on", "standing.once": "until", "standing.never": "until",
    "agents.over_act": "amount", "agents.over_customer_day": "amount", "agents.over_agent_day": "amount",
    "agents.over_ceiling": "amount", "agents.float_short": "amount", "agents.other_amount": "amount",
    "agents.code_wrong": "code", "agents.no_code": "code", "agents.own_hand": "phone", "agents.bad_count": "counted",
    "agents.bad_key": "public_key", "agents.bad_terms": "ceiling", "agents.contract_too_soon": "from_on",
    "agents.dropped_wordless": "note",
    "payments.over_password": "amount", "identity.passkey_nameless": "name",
    "payments.over_day": "amount", "payments.over_year": "amount", "payments.new_payee": "amount",
    "bindings.cooling": "amount", "bindings.count": "first", "bindings.level": "card", "bindings.too_many": "card",
    "bindings.too_many_tries": "card", "bindings.no_network": "card",
    "debits.bad_limits": "month_max", "debits.over_law": "each_max",
    "home.not_agreed": "agreed", "home.tail_missing": "tail", "home.unreadable": "bill", "home.too_large": "bill",
    "home.other_form": "bill", "web.statement_missing": "bill",
    "requests.sum": "amount", "requests.mixed": "amount", "requests.too_small": "amount",
    "parties.not_known": "phone",
    "ledger.insufficient_funds": "amount", "savings.below_minimum": "amount", "money.not_a_number": "amount",
    "money.not_positive": "amount", "money.too_many_decimals": "amount", "money.out_of_range": "amount",
    "payments.amount_too_large": "amount",
    "web.amount_missing": "amount", "web.purpose_missing": "purpose", "web.not_a_count": "instalments",
    "identity.code_wrong": "code", "identity.app_code_wrong": "code", "identity.app_code_needed": "code",
    "identity.wrong_login": "password",
    "identity.weak_password": "password", "proof.file_missing": "package", "proof.file_too_large": "package",
    "proof.not_a_package": "package", "proof.too_much": "package",
    "signing.pdf_too_large": "package", "signing.pdf_too_much": "package", "signing.roots_unreadable": "roots",
    "parties.shown_code_unknown": "q", "web.upload_missing": "file", "web.upload_too_large": "file",
    "web.upload_not_text": "file", "web.upload_misnamed": "file", "web.upload_changes_nothing": "file",
    "parties.document_differs": "number", "parties.statement_missing": "statement", "payments.not_in_drawer": "to",
    "web.consent_not_ticked": "agree", "web.product_missing": "product", "web.till_missing": "till", "web.bill_missing": "bill",
    "payments.drawer_left_wordless": "note",
    "web.dispute_empty": "statement", "credit.datum_unknown": "datum", "credit.review_wordless": "words",
    "credit.review_open": "words", "credit.bill_too_large": "bill", "credit.bill_foreign": "bill",
    "credit.bill_truncated": "bill", "credit.bill_unreadable": "bill", "credit.bill_other_currency": "bill",
    "credit.bill_too_hard": "bill", "credit.bill_other_person": "bill", "credit.bill_locked": "password",
    "credit.bill_wrong_password": "password", "credit.seal_unknown_issuer": "seal", "credit.seal_broken": "seal",
    "credit.seal_unreadable": "seal", "credit.bill_archive": "bill", "credit.certificate_not_signed": "bill",
    "credit.certificate_changed": "bill", "credit.certificate_unknown_signer": "bill", "credit.certificate_other_number": "bill",
    "credit.certificate_unnamed": "bill", "lending.more_than_due": "amount", "lending.nothing_due": "amount",
    "lending.own_guarantor": "phone", "lending.guarantee_beyond_loan": "most", "lending.guarantee_stands": "most",
    "lending.lien_wrong": "lien", "lending.thing_unsaid": "description",
    "lending.valuation_order": "valued_on", "lending.better_than_law": "class_name",
    "lending.unknown_class": "class_name", "lending.reason_missing": "reason",
    "market.not_whole_notes": "amount", "market.per_lender": "amount", "market.picked_out": "amount",
    "market.beyond_means": "amount", "market.consent_needed": "amount", "market.below_note": "amount",
    "lending.act_wordless": "words", "lending.more_than_open": "amount", "lending.act_not_yet": "on",
    "lending.month_closed": "on", "lending.rate_raised": "annual", "lending.pause_backwards": "until",
    "lending.shortens_what_is_due": "until", "lending.no_such_instalment": "due_on", "lending.unknown_event": "event_id",
    "lending.group_nameless": "name", "lending.bad_meeting": "from_on", "lending.in_a_group": "phone",
    "lending.group_full": "phone", "lending.sheet_differs": "total", "lending.sheet_empty": "total",
}  # fmt: skip
"""The field at which a rule's refusal stands, where the refusal does not name it itself. A door adds its own lines."""


def at_fields(refusal: Refusal, own: bool) -> dict[str, Words]:
    """The sentence at each field of a form that was refused."""
    found = refusal.facts.get("field_errors")
    if isinstance(found, list) and found:
        return {
            str(each["field"]).rpartition(".")[2]: Words(
                _sentence(each["problem"]), _sentence(each.get("problem_zh") or each["problem"])
            )
            for each in found
        }
    place = str(refusal.facts.get("outside") or AT.get(refusal.code, ""))
    told = said(refusal, own)
    return {place: Words(told.en, told.zh)} if place else {}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal as a page says it. ``next``: where to go on; ``counted``: a try was counted; ``law``: the rule behind it, which
    stands by itself and not in the sentence."""

    code: str
    en: str
    zh: str
    next: tuple[str, Words] | None
    counted: bool
    law: Words | None = None

    @property
    def words(self) -> Words:
        """The sentence in both languages; the page says it in its own."""
        return Words(self.en, self.zh)


def said(refusal: Refusal, own: bool) -> Said:
    """Tell a refusal; ``own``: to a customer, whose own things it speaks of."""
    words = (
        SAID.get(refusal.code)
        or _malformed(refusal)
        or Words(without_ids(refusal.detail), without_ids(refusal.detail_zh))
    )
    law = _law(refusal)
    if law is not None:
        words = Words(_without(words.en, law.en), _without(words.zh, law.zh))
    if own and refusal.code == "ledger.insufficient_funds":
        words = Words(YOURS[0].sub("Your wallet", words.en, 1), YOURS[1].sub("您的钱包", words.zh, 1))
    further = NEXT.get(refusal.code) if own or refusal.code == "identity.not_signed_in" else None
    return Said(refusal.code, words.en, words.zh, further, refusal.code in COUNTED, law and _undaggered(law))


def _law(refusal: Refusal) -> Words | None:
    """The article that a refusal names."""
    en, zh = refusal.facts.get("article"), refusal.facts.get("article_zh")
    return Words(str(en), str(zh or en)) if en else None


def _without(sentence: str, law: str) -> str:
    """A sentence without the article in it, where it stands in brackets or at the end; as it is where it is part of what is
    said."""
    for told in (f" ({law})", f"（{law}）", f" The rule: {law}.", f"依据：{law}。"):
        sentence = sentence.replace(told, "")
    return sentence


def _undaggered(law: Words) -> Words:
    """An article without the mark by which this house says that it was not checked at its source: a list of the policy's
    figures explains it, and a refusal has no room for that."""
    return Words(*(text.replace(" †", "").replace("†", "") for text in (law.en, law.zh)))


def without_ids(text: str) -> str:
    """A sentence without the ids in it: a person knows which loan they look at."""
    return _ID.sub("", text)


def without_facts(code: str) -> Words | None:
    """The sentence of a refusal of which only the code was kept: each of its facts is left open. None for an unknown code."""
    known = CODES.get(code)
    return Words(*(_FACT.sub("…", text) for text in (known.en, known.zh))) if known else None


def _malformed(refusal: Refusal) -> Words | None:
    """What does not fit, by the labels of the form."""
    found = refusal.facts.get("field_errors")
    if refusal.code != "request.malformed" or not isinstance(found, list) or not found:
        return None
    en = "; ".join(f"{field(each['field']).en} {each['problem']}" for each in found)
    zh = "；".join(f"{field(each['field']).zh}{_spaced(each.get('problem_zh', '填写有误'))}" for each in found)
    return Words(f"{en[:1].upper()}{en[1:]}.", f"{zh.removesuffix('。')}。")


def _spaced(text: str) -> str:
    """Chinese sets a space between a Han character and a Latin one, and none between two Han characters."""
    return f" {text}" if text[:1].isascii() else text

"""Own what a refusal calls the fields of forms, in both languages: a person never meets a variable's name. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.kit.words import Words

FIELDS: Mapping[str, Words] = {
    "name": Words("the name", "姓名"), "resident_id": Words("the identity number", "身份证号"),
    "number": Words("the number", "证件号码"), "phone": Words("the phone", "手机号"), "code": Words("the code", "验证码"),
    "password": Words("the password", "密码"), "old": Words("the password now", "现密码"),
    "new": Words("the new password", "新密码"), "amount": Words("the amount", "金额"),
    "instalments": Words("the number of instalments", "期数"), "purpose": Words("the purpose", "用途"),
    "product": Words("the product", "产品"), "payee": Words("the payee", "收款方"), "memo": Words("the memo", "附言"),
    "card": Words("the card number", "银行卡号"), "account": Words("the card number", "银行卡号"),
    "term": Words("the term", "存期"), "every": Words("the interval", "间隔"), "notice": Words("the notice", "通知期"),
    "statement": Words("the statement", "说明"), "datum": Words("the item", "数据项"), "note": Words("the note", "意见"),
    "bill": Words("the bill", "账单"), "seal": Words("the seal", "签章文件"), "days": Words("the days", "天数"),
    "customer": Words("the customer", "客户"), "counter": Words("the counter", "柜台"), "words": Words("your words", "说明"),
    "value": Words("the value", "评估价值"), "valued_on": Words("the day of the valuation", "评估日"),
    "valuer": Words("the valuer", "评估人"), "description": Words("the description", "说明"), "lien": Words("the lien", "顺位"),
    "before": Words("what is owed before us", "在先债权"), "reason": Words("the reason", "理由"),
    "from_on": Words("the first day", "首次集会日"), "every_weeks": Words("the weeks between meetings", "间隔周数"),
    "place": Words("the place", "集会地点"), "total": Words("the cash counted", "清点现金"),
    "per_loan": Words("what is lent in one loan", "单笔上限"),
    "per_borrower": Words("what is lent to one borrower", "单一借款人上限"), "annual": Words("the rate a year", "年利率"),
    "months_min": Words("the shortest term", "最短期限"), "months_max": Words("the longest term", "最长期限"),
    "loans": Words("the number of loans", "笔数"), "grade": Words("the grade", "等级"),
    "income": Words("what you earn", "年收入"), "savings": Words("what you have at hand", "现有资金"),
    "commitments": Words("what you must pay", "年支出"),
    "counted": Words("what was counted", "实点金额"), "put_in": Words("own cash put in", "放入的自有现金"),
    "taken_out": Words("own cash taken out", "取出的自有现金"), "public_key": Words("the public key", "公钥"),
    "ceiling": Words("the most of the float", "备付额度上限"), "low": Words("where one is warned", "预警线"),
    "text": Words("the text of the code", "收款码内容"), "shown": Words("the payer's code", "付款码"),
    "store": Words("the store", "门店"), "till_name": Words("the till", "收银台"), "shop_name": Words("the name", "名称"),
    "local_name": Words("the name in the language of the country", "本地名称"), "city": Words("the city", "城市"),
    "category": Words("what is sold", "经营类别"), "rate": Words("the fee", "手续费率"), "party": Words("the customer", "客户"),
    "answer": Words("the answer", "答复"),
    "on": Words("the day", "日期"), "field": Words("a field", "表单项"), "source": Words("the place", "办理地点"),
}  # fmt: skip


def field(name: str) -> Words:
    """What a field of a form is called, by its name in a command: its last part; readable at least where it is not known."""
    last = name.rpartition(".")[2]
    plain = last.replace("_", " ")
    return FIELDS.get(last) or Words(plain, plain)

"""Own the fixed tree of root causes: where, after asking why five times, what people speak of comes from. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.kit.words import Words

CAUSES: Mapping[str, Words] = {
    "product": Words("terms of a product", "产品条款"),
    "product.price": Words("its price, fee or penalty", "价格、收费与罚息"),
    "product.fit": Words("it does not fit those who have it", "产品与客户不匹配"),
    "process": Words("a process", "业务流程"),
    "process.slow": Words("it takes too long", "办理时间过长"),
    "process.papers": Words("it asks for too much", "要求材料过多"),
    "process.collecting": Words("how debts are collected", "催收方式"),
    "system": Words("a system", "系统"),
    "system.down": Words("it fails or is away", "故障或停机"),
    "system.wrong": Words("it answers wrongly", "结果错误"),
    "people": Words("how staff act", "员工行为"),
    "people.manner": Words("their manner", "服务态度"),
    "people.knowing": Words("what they know", "业务知识"),
    "message": Words("what is told", "信息告知"),
    "message.late": Words("it comes too late or not at all", "告知过晚或未告知"),
    "message.unclear": Words("it is not understood", "告知不清"),
    "partner": Words("a partner", "合作方"),
}
"""The tree: what stands before a dot is the branch."""

EXPOSED: Mapping[str, Words] = {
    "customers": Words("all customers", "全部客户"),
    "savers": Words("customers with a deposit", "持有存款的客户"),
    "borrowers": Words("customers with a loan", "有贷款的客户"),
}
"""Who can speak of a topic: the rate is of so many of these."""

"""People who speak of a few things, each in words of their own, for tests: made from a seed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from farthing.voice.model import Text

ZH = {
    "penalty": (
        ("提前支取", "定期没到期就取", "提前取出定期"), ("被扣了罚息", "利息全没了", "扣掉很多利息"),
        ("柜台没有说清楚", "事先没人告诉我", "合同里看不懂"), ("希望退还罚息", "请把利息还给我", "要求给个说法"),
    ),
    "calls": (
        ("催收电话", "催收人员天天打电话", "半夜接到催收"), ("打给我的同事", "骚扰家里人", "说话很难听"),
        ("已经还清了", "只晚了两天", "正在协商还款"), ("请停止骚扰", "希望不要再打", "要求道歉"),
    ),
    "app": (
        ("手机银行登录不上", "手机银行一直闪退", "手机银行打不开"), ("验证码收不到", "人脸识别失败", "页面一直转圈"),
        ("更新以后就这样", "老人不会操作", "换了手机也不行"), ("请尽快修复", "希望有人教", "能不能简单一点"),
    ),
    "queue": (
        ("网点排队太久", "柜台只开一个窗口", "排了两个小时队"), ("老人站着等", "没有座位", "叫号混乱"),
        ("每次发养老金都这样", "周一人最多", "中午没人办业务"), ("希望多开窗口", "请增加人手", "能不能预约"),
    ),
}  # fmt: skip
EN = {
    "penalty": (
        ("I closed my term deposit early", "I broke the deposit before maturity", "I took the term savings out early"),
        ("and lost all the interest", "and a penalty was taken", "and the penalty ate the interest"),
        ("nobody explained the penalty", "the penalty was not in the summary", "the clerk never told me of a penalty"),
        ("please return the interest", "I want the penalty refunded", "give the interest back"),
    ),
    "calls": (
        ("collectors phone me every night", "the collector calls my workplace", "debt collectors harass my family"),
        ("though the debt was paid", "though I am two days late", "while a plan is being discussed"),
        ("the collector was rude", "they threaten and shout", "they will not identify themselves"),
        ("stop the collection calls", "no more calls please", "I demand an apology from the collectors"),
    ),
    "app": (
        ("the mobile application crashes", "I cannot log in to the application", "the application keeps loading"),
        ("the verification code never arrives", "the face check fails", "the screen stays white"),
        ("since the last update", "on my new telephone", "every time I open it"),
        ("please fix the application", "make the application simpler", "somebody should test the application"),
    ),
}  # fmt: skip


def texts(
    people: int = 240, language: str = "zh", seed: int = 3, start: date = date(2026, 1, 5), days: int = 84
) -> tuple[list[Text], list[str]]:
    """Texts, a person each, and what each is about."""
    drawn, about = np.random.default_rng(seed), []
    found = []
    kinds = list(ZH if language == "zh" else EN)
    for number in range(people):
        what = kinds[number % len(kinds)]
        parts = [str(drawn.choice(each)) for each in (ZH if language == "zh" else EN)[what]]
        words = "，".join(parts) + "。" if language == "zh" else ", ".join(parts) + "."
        on = start + timedelta(days=int(drawn.integers(0, days)))
        found.append(
            Text(f"text-{language}-{number}", f"who-{language}-{number}", on, "complaint", "", language, words)
        )  # type: ignore[arg-type]
        about.append(what)
    return found, about

"""Decide what a person lets out by himself: by day, by year, and to somebody new. Pure.

What staff do for him at a counter, what he arranged beforehand, and what goes to his own bound account is not counted here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from farthing.identity.authenticators.rules import OWN_WAY_NEEDED
from farthing.kernel.proving.rules import KEY_NEEDED
from farthing.kit.actor import Actor
from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.parties.model import Party
from farthing.products.passkey_rules import PasskeyRules
from farthing.products.pay_limits import PayLimits

OVER_DAY = declined(
    "payments.over_day",
    "{limit} may be paid in a day by yourself, and {gone} went already; more goes from {until} on, or at a counter today. "
    "The rule: {article}.",
    "本人自助付款每日至多 {limit}，今日已付 {gone}；{until} 起可继续付款，或今日到柜台办理。依据：{article_zh}。",
)
OVER_YEAR = declined(
    "payments.over_year",
    "{limit} may be paid in a year out of a wallet of this class ({name}), and {gone} went already; more goes from {until} on, "
    "or once you are better known. The rule: {article}.",
    "{name_zh}每年至多付出 {limit}，本年已付 {gone}；{until} 起可继续付款，或提升实名等级。依据：{article_zh}。",
)
OVER_PASSWORD = declined(
    "payments.over_password",
    "Without a passkey {limit} may be paid in a day by yourself, and {gone} went already. Add a passkey under Me, "
    "Passkeys and devices, or "
    "come to a counter. The rule: {article}.",
    "未添加通行密钥时，本人自助付款每日至多 {limit}，今日已付 {gone}。"
    "请在“我的—通行密钥与设备”中添加通行密钥，或到柜台办理。依据：{article_zh}。",
)
NEW_PAYEE = declined(
    "payments.new_payee",
    "You have not paid this person before: until {until} at most {limit} in all, and {gone} went already. Let the payment go "
    "on the next day, and you can take it back until then. The rule: {article}.",
    "这是新的收款人：{until} 前累计至多付款 {limit}，已付 {gone}。可选择次日到账，到账前可撤销。依据：{article_zh}。",
)

Pair = tuple[str, str]


@dataclass
class Own:
    """What persons let out by themselves so far, each sum held until the transaction ends; ``firsts``: when a payer first paid
    somebody, and what he paid since while that was new;
    ``holders``: who has a passkey, of those who may come to where it is asked for."""

    law: PayLimits | None
    now: datetime
    today: date
    zone: ZoneInfo
    known: dict[str, Party] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    years: dict[str, int] = field(default_factory=dict)
    firsts: dict[Pair, tuple[datetime, int]] = field(default_factory=dict)
    keys: PasskeyRules | None = None
    holders: frozenset[str] = frozenset()

    def let_out(
        self, payer: str, payee: str | None, amount: Money, actor: Actor, goes_at: datetime | None = None
    ) -> None:
        """Count what is to go out; refuses ``payments.over_day``, ``payments.over_year``, ``payments.new_payee``,
        ``payments.over_password``, ``kernel.key_needed``."""
        who = self.known.get(payer)
        if self.law is None or who is None or payer not in self.days or amount.currency != self.law.new_max.currency:
            return
        self._check_sums(self.law, who, amount, actor.is_program)
        self._check_new(self.law, (payer, payee or ""), amount, goes_at or self.now)
        self.check_key(payer, amount, actor)
        self.count(payer, payee, amount)

    def check_key(self, payer: str, amount: Money, actor: Actor) -> None:
        """Refuse ``kernel.key_needed`` where a key of his own must confirm it, and ``payments.over_password`` where he has
        none, and ``identity.own_way_needed`` where he is in by a login elsewhere."""
        law = self.keys
        if law is None or actor.by_key or payer not in self.days or amount.currency != law.key_above.currency:
            return
        gone = self.days[payer]
        if payer in self.holders:
            if gone + amount.minor > law.key_above.minor:
                raise KEY_NEEDED()
        elif gone + amount.minor > law.key_above.minor and actor.proved is not None and actor.proved.how == "outside":
            raise OWN_WAY_NEEDED()
        elif gone + amount.minor > law.password_max.minor:
            raise OVER_PASSWORD(
                limit=str(law.password_max), gone=str(Money(gone, amount.currency)), article=law.article.en,
                article_zh=law.article.zh,
            )  # fmt: skip

    def arranged(self, payer: str, amount: Money) -> None:
        """What he arranged today for other days counts where his key is asked for."""
        if payer in self.days and self.keys is not None and amount.currency == self.keys.key_above.currency:
            self.days[payer] += amount.minor

    def count(self, payer: str, payee: str | None, amount: Money) -> None:
        """Count it, whatever the limits say."""
        self.days[payer] += amount.minor
        self.years[payer] += amount.minor
        if payee is not None and payee in self.known:
            first, gone = self.firsts.get((payer, payee), (self.now, 0))
            self.firsts[payer, payee] = first, gone + amount.minor

    def _check_sums(self, law: PayLimits, who: Party, amount: Money, is_program: bool) -> None:
        level = law.class_of(who.verification_level)
        factor = law.program_day_max if is_program else law.signed_day_max
        day, article = min((factor, law.article), (level.day_max, level.article), key=lambda each: each[0].minor)
        if self.days[who.id] + amount.minor > day.minor:
            raise OVER_DAY(
                limit=str(day), gone=str(Money(self.days[who.id], amount.currency)), until=self.today + timedelta(days=1),
                article=article.en, article_zh=article.zh,
            )  # fmt: skip
        if self.years[who.id] + amount.minor > level.year_max.minor:
            raise OVER_YEAR(
                limit=str(level.year_max), gone=str(Money(self.years[who.id], amount.currency)),
                until=date(self.today.year + 1, 1, 1), name=level.name.en, name_zh=level.name.zh,
                article=level.article.en, article_zh=level.article.zh,
            )  # fmt: skip

    def _check_new(self, law: PayLimits, pair: Pair, amount: Money, goes_at: datetime) -> None:
        payee = self.known.get(pair[1])
        if payee is None or payee.kind != "person":
            return
        first, gone = self.firsts.get(pair, (self.now, 0))
        until = first + timedelta(hours=law.new_hours)
        if goes_at < until and gone + amount.minor > law.new_max.minor:
            raise NEW_PAYEE(
                limit=str(law.new_max), gone=str(Money(gone, amount.currency)),
                until=f"{until.astimezone(self.zone):%Y-%m-%d %H:%M}", article=law.article.en, article_zh=law.article.zh,
            )  # fmt: skip

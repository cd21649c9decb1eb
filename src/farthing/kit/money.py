"""Own ``Money``: integer minor units and an ISO 4217 currency. Never a float, never an implicit conversion.

Amounts reach ``MAX_MINOR`` = 2**62 minor units so that sums of two still fit a signed 64-bit column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from farthing.kit.errors import InvariantBroken, Unfit, malformed

MAX_MINOR = 2**62

_WRITTEN = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?")

_LARGE = re.compile(r"-?[1-9][0-9]{15,18}")
_SAFE = 2**53 - 1

EXPONENTS: dict[str, int] = {
    "CNY": 2, "USD": 2, "EUR": 2, "GBP": 2, "HKD": 2, "INR": 2, "KES": 2, "NGN": 2, "PHP": 2, "IDR": 2,
    "THB": 2, "BRL": 2, "MXN": 2, "ZAR": 2, "CZK": 2, "CHF": 2, "SGD": 2, "AUD": 2, "CAD": 2, "BDT": 2,
    "JPY": 0, "KRW": 0, "VND": 0, "XOF": 0, "BHD": 3, "KWD": 3, "TND": 3,
}  # fmt: skip
"""ISO 4217 minor-unit exponents of the currencies a deployment may use."""


UNKNOWN_CURRENCY = malformed(
    "money.unknown_currency",
    "Currency {currency} is not known here; use an ISO 4217 code such as CNY.",
    "不认识币种 {currency}；请使用 ISO 4217 代码，如 CNY。",
)
TOO_MANY_DECIMALS = malformed(
    "money.too_many_decimals",
    "{text} has more decimals than {currency} has; use at most {decimals}.",
    "{text} 的小数位超过 {currency} 的 {decimals} 位。",
)
NOT_A_NUMBER = malformed(
    "money.not_a_number",
    "{text} is not an amount; write digits such as 12.34.",
    "{text} 不是金额；请写成 12.34。",
)
OUT_OF_RANGE = malformed(
    "money.out_of_range",
    "{amount} is beyond what one amount may hold (2**62 minor units); give a smaller one.",
    "{amount} 超出单笔金额上限（2**62 个最小货币单位）；请减小金额。",
)
CURRENCY_MISMATCH = malformed(
    "money.currency_mismatch",
    "{right} cannot be combined with {left}; both amounts must be in one currency.",
    "{right} 与 {left} 币种不同，不能合并计算。",
)
NOT_POSITIVE = malformed(
    "money.not_positive",
    "An amount must be more than zero; {amount} was given.",
    "金额必须大于零；收到 {amount}。",
)


def exponent(currency: str) -> int:
    """Number of decimals of ``currency`` (ISO 4217); refuses ``money.unknown_currency``."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise UNKNOWN_CURRENCY(currency=currency) from None


def _minor(value: Any) -> int:
    """Whole minor units from JSON: an integer; as text only where canonical JSON itself writes text, beyond 2**53."""
    if type(value) is int:
        return value
    if type(value) is str and _LARGE.fullmatch(value) and abs(int(value)) > _SAFE:
        return int(value)
    raise Unfit(
        "must be a whole number of minor units, written as digits without quotes, point or exponent",
        "须为最小货币单位的整数，直接写数字，不带引号、小数点或指数",
    )


@dataclass(frozen=True, slots=True)
class Money:
    """``minor`` units (fen, cents) of ``currency``. Adds and compares only with its own currency.

    From JSON it is read strictly: ``true``, ``"1"``, ``1.0`` and ``1e2`` are no amounts.
    """

    minor: Annotated[int, BeforeValidator(_minor), Field(ge=-MAX_MINOR, le=MAX_MINOR)]
    currency: Annotated[str, StringConstraints(strict=True, max_length=3)]

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise InvariantBroken(f"money must be whole minor units, not {self.minor!r}")
        if self.currency not in EXPONENTS:
            raise UNKNOWN_CURRENCY(currency=self.currency)
        if not -MAX_MINOR <= self.minor <= MAX_MINOR:
            raise OUT_OF_RANGE(
                amount={
                    "en": f"{self.minor} minor units of {self.currency}",
                    "zh": f"{self.minor} 个 {self.currency} 最小货币单位",
                }
            )

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in a currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read ``"1,234.56"``; refuses text that is not a number or has too many decimals.

        Commas may group thousands and nothing else: a decimal comma must not turn 12,34 into 1234.
        """
        decimals = exponent(currency)
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise NOT_A_NUMBER(text=text[:60])
        part = (written["part"] or "").rstrip("0")
        if len(part) > decimals:
            raise TOO_MANY_DECIMALS(text=text, currency=currency, decimals=decimals)
        digits = (written["whole"].replace(",", "") + part.ljust(decimals, "0")).lstrip("0") or "0"
        if len(digits) > len(str(MAX_MINOR)):
            raise OUT_OF_RANGE(amount=f"{currency} {text}")
        return cls(int(f"{written['sign']}{digits}"), currency)

    @classmethod
    def rounded(cls, value: Decimal, currency: str, rounding: str = ROUND_HALF_EVEN) -> Money:
        """Round ``value`` (major units) once, here, by a rounding named in :mod:`decimal`."""
        if abs(value) > MAX_MINOR:
            raise OUT_OF_RANGE(amount=f"{currency} {value}")
        with localcontext(prec=len(value.as_tuple().digits) + 30):  # so that nothing rounds before this line does
            scaled = value.scaleb(exponent(currency)).quantize(Decimal(1), rounding=rounding)
        return cls(int(scaled), currency)

    def decimal(self) -> Decimal:
        """The amount in major units, exactly."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CURRENCY_MISMATCH(left=self.currency, right=other.currency)
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, factor: int) -> Money:
        return Money(self.minor * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        """``CNY 1,234.56``: always with its currency."""
        return f"{self.currency} {self.plain(grouped=True)}"

    def plain(self, *, grouped: bool = False) -> str:
        """Digits only, with the currency's decimals: ``1234.56``."""
        decimals = exponent(self.currency)
        return f"{self.decimal():{',' if grouped else ''}.{decimals}f}"

    def allocate(self, weights: Sequence[int | Decimal]) -> list[Money]:
        """Split by ``weights`` with the largest remainder; the parts always sum to the whole.

        Equal remainders go to the earlier part, so the split is the same on every machine.
        """
        shares = [Fraction(weight) for weight in weights]
        if sum(shares) <= 0 or min(shares) < 0:
            raise InvariantBroken(f"cannot allocate by weights {list(weights)}")
        sign = -1 if self.minor < 0 else 1
        per_share = abs(self.minor) / sum(shares)
        exact = [per_share * share for share in shares]
        parts = [int(value) for value in exact]
        missing = abs(self.minor) - sum(parts)
        by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
        for index in by_remainder[:missing]:
            parts[index] += 1
        return [Money(sign * part, self.currency) for part in parts]


def positive(amount: Money) -> Money:
    """Answer ``amount`` if it is more than zero, else refuse ``money.not_positive``."""
    if amount.minor <= 0:
        raise NOT_POSITIVE(amount=str(amount))
    return amount


def total(amounts: Sequence[Money], currency: str) -> Money:
    """Sum of ``amounts``, which must all be in ``currency``."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result

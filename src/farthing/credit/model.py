"""Own the nouns of credit: consent, imported bill, bureau report, decision and dispute.

Tables: ``credit_consent``, ``credit_import``, ``credit_transaction``, ``credit_inquiry``, ``credit_decision``,
``credit_scorecard``, ``credit_dispute``. Never holds money and never grants a loan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from farthing.credit.bureau.model import BureauQuestion, BureauReport
from farthing.credit.exposure import Exposure, ExposureQuestion
from farthing.credit.features import Feature
from farthing.credit.owing.model import Owed
from farthing.credit.receipts import Counted
from farthing.credit.report import BillReport
from farthing.credit.wallet import WalletCounted
from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Amount, Base64, Day, Few, Flag, Id, Instalments, Line, Note, Secret
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.model import Portion

Kind = Literal["payment_history", "credit_bureau", "shop_receipts", "income_and_assets", "exposure", "wallet_here"]
"""``exposure``: that the exchange tells in bands what is owed at other lenders and how many were asked, and counts this asking.
``income_and_assets``: what China's Credit Reporting Regulation art. 14 (2) lists; given in writing by whoever was told what
may come of it, and asked for by the features that the catalogue marks ``written``."""
Purpose = Literal["loan_application", "credit_reporting"]
ConsentState = Literal["active", "revoked", "expired"]
DisputeState = Literal["open", "corrected", "confirmed"]


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Allow kinds of data to be used for a purpose until a day (Personal Information Protection Law art. 13-14, 29)."""

    party_id: Id
    purpose: Purpose
    kinds: Annotated[tuple[Kind, ...], Few]
    expires_on: Day


@dataclass(frozen=True, slots=True)
class RevokeConsent:
    """Take a consent back; what was decided stands, nothing new is fetched or used."""

    consent_id: Id


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent artefact: who allows which kinds of data for what, until when."""

    id: str
    party_id: str
    purpose: Purpose
    kinds: tuple[Kind, ...]
    given_at: datetime
    expires_on: date
    revoked_at: datetime | None

    def state(self, on: date) -> ConsentState:
        """Whether it may be used on a day."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if on > self.expires_on else "active"


@dataclass(frozen=True, slots=True)
class BillSeal:
    """The issuer's signature (Ed25519, base64) over a bill and over whose it is: :mod:`farthing.credit.seals`."""

    issuer: Line
    signature_base64: Base64


@dataclass(frozen=True, slots=True)
class ImportBill:
    """Bring a payment history home: an export of Alipay or WeChat Pay, or the certificate of payments that it seals as a PDF,
    base64; ``password`` opens a locked XLSX or the archive that it came in.

    ``as_file``: a certificate whose seal is not believed counts as a file that anybody could have written; else it is refused.

    ``consents_until`` allows its use for an application until that day, with the import and only if it succeeds; where a
    consent in force covers it already, none is added.
    """

    party_id: Id
    filename: Line
    content_base64: Base64 = secret()
    password: Secret = secret("")
    seal: BillSeal | None = None
    consents_until: Day | None = None
    as_file: Flag = False


@dataclass(frozen=True, slots=True)
class ImportedBill:
    """What an import added. The same file, or an overlapping one, adds only what is new.

    ``vouched_by``: who sealed it, and ``unsealed`` why a certificate counts as a plain file.
    ``report`` names the first rows that were not plainly taken; all of them are told by the question ``bill_report``.
    """

    id: str
    party_id: str
    provider: str
    file_sha256: str
    holder_check: str
    rows: int
    added: int
    first_on: date | None
    last_on: date | None
    parser_version: str
    report: BillReport
    vouched_by: str = ""
    unsealed: Words | None = None


@dataclass(frozen=True, slots=True)
class RequestDecision:
    """Ask for a decision about an amount of a product over a number of instalments."""

    party_id: Id
    product: Id
    amount: Amount
    instalments: Instalments


@dataclass(frozen=True, slots=True)
class BureauErrand:
    """What is written down before a bureau is asked: the question, and what is to be decided on its answer.

    ``about`` is the command of whoever decides more on it, such as an application for a loan (JSON values). ``replaces``: the
    loan here that is paid off out of the new one, if any. ``exposure``: what the exchange is asked in the same errand, where the
    party allows it; a decision has both answers or none.
    """

    question: BureauQuestion
    command: RequestDecision
    decision_id: str
    about: dict[str, Any] | None = None
    replaces: str | None = None
    exposure: ExposureQuestion | None = None


@dataclass(frozen=True, slots=True)
class BureauAnswered:
    """A bureau's answer to an errand, and the exchange's where it was asked; that one does not answer is an answer too
    (``unavailable``)."""

    errand_id: Id
    report: BureauReport = field(metadata={"secret": True})
    exposure: Exposure | None = field(default=None, metadata={"secret": True})


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason in plain words, the datum it rests on, and what would help. ``favourable`` says which way it counted."""

    code: str
    favourable: bool
    en: str
    zh: str
    datum: str
    improve_en: str = ""
    improve_zh: str = ""
    datum_zh: str = ""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How far instalments are apart, so many days, weeks or months; ``flat``: they bear by what was first lent."""

    every: int
    unit: str
    flat: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """How much may be owed here in all on a history of a grade, by the policy of a decision's day; none: only product and
    income bound it."""

    grade: str
    most: Money | None


@dataclass(frozen=True, slots=True)
class Costs:
    """What a loan costs by the policy of a decision's day, a year and as parts of what is lent (``products.loan_price``);
    ``lost``: of a default; ``loss_max``: what may be expected to be lost by one borrower, ``bound``: what may be owed here for
    that in all."""

    funding: Decimal
    operating: Decimal
    capital_part: Decimal
    capital_return: Decimal
    lost: Decimal
    loss_max: Money
    bound: Money | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a decision rests on: decided again from this, the answer is the same.

    ``here``: what the party owes, has accepted or guarantees here. ``grade`` and ``evidence_most``: who vouches for the
    history, and how much may be owed here in all on it. ``rhythm``: none where instalments are a
    month apart and bear by what is left; ``rows``: of a plan by hand. ``outside_period``: a bill holds payments from days that
    its preamble does not cover. ``replaces``: the loan here that is paid off out of what is asked for, hence not in ``here``.
    ``receipts``: what was counted of what the party's shops took here; none where nothing was.
    ``annual``: what the loan bears; of a rate by probability of default, for the borrower's own, and ``default_max`` is up to
    which of it the product lends; none: to any. ``debtor``: whose confirmed payable stands behind the loan, as an id; then its
    grade decides, and no payment history is asked for. ``carries``: what each grade of evidence carried on that day, so that what
    a better one would change is told by the same rule for ever.``costs``: what
    the loan costs, of which its price and a bound of its size are told. ``exposure``: what the
    exchange told of other lenders, in bands; none where nobody was asked.
    ``wallet``: what was counted of the party's own wallet here.
    """

    party_kind: str
    product: str
    product_version: str
    amount: Money
    instalments: int
    annual: Decimal
    least: Money
    most: Money
    decided_on: date
    history_until: date | None
    holder_check: str
    features: tuple[Feature, ...]
    monthly_income: Money
    monthly_left_over: Money
    bureau: BureauReport
    set_aside: dict[str, int]
    outside_period: bool = False
    here: tuple[Owed, ...] = ()
    grade: str = "file"
    evidence_most: Money | None = None
    fewest: int = 1
    longest: int = 360
    rhythm: Rhythm | None = None
    rows: tuple[Portion, ...] | None = None
    replaces: str | None = None
    default_max: Decimal | None = None
    receipts: Counted | None = None
    debtor: str | None = None
    carries: tuple[Carried, ...] | None = None
    costs: Costs | None = None
    exposure: Exposure | None = None
    wallet: WalletCounted | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """Who vouches for the history that a decision rests on, in words; ``most``: what may be owed here on it in all."""

    grade: str
    en: str
    zh: str
    most: Money | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the rules answer: yes or no, score, limit and at most four reasons."""

    approved: bool
    score: int
    probability_of_default: Decimal
    limit: Money
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded decision. ``inputs_sha256``, ``scorecard_sha256`` and ``engine`` pin what it was made from."""

    id: str
    party_id: str
    product: str
    amount: Money
    instalments: int
    approved: bool
    score: int
    probability_of_default: Decimal
    limit: Money
    reasons: tuple[Reason, ...]
    scorecard: str
    scorecard_sha256: str
    inputs_sha256: str
    engine: str
    decided_at: datetime
    grounds: Grounds | None = None


@dataclass(frozen=True, slots=True)
class ReplayDecision:
    """Decide a past case again from its stored inputs."""

    decision_id: Id


@dataclass(frozen=True, slots=True)
class Replay:
    """Whether a decision, made again, is the same; ``differs`` names fields that are not."""

    decision_id: str
    identical: bool
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DisputeDatum:
    """Say that a transaction (by its digest) or a bureau tradeline (``lender``) is wrong."""

    party_id: Id
    datum: Line
    statement: Note = personal()


@dataclass(frozen=True, slots=True)
class Dispute:
    """A disputed datum: it cannot count against the customer until answered, due in twenty days (art. 25).

    ``state``: ``open``, ``corrected`` (the datum was wrong and is out for good) or ``confirmed`` (it counts again).
    """

    id: str
    party_id: str
    datum: str
    opened_on: date
    answer_by: date
    state: DisputeState
    statement: str = personal()


@dataclass(frozen=True, slots=True)
class AnswerDispute:
    """Answer a dispute after looking into it: the datum was wrong (``corrected``), or it stands."""

    dispute_id: Id
    corrected: Flag
    finding: Note = personal()

"""Decide what may stand in the register of parties. Pure; never looks anything up.

Sources: GB 11643-1999 (resident identity number, check digit ISO 7064 MOD 11-2), GB 32100-2015 (unified
social credit code), ITU-T E.164 (phone), Civil Code of the PRC art 17-18 (full capacity from 18 years of age).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import phonenumbers
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from farthing.kit.calendar import full_months
from farthing.kit.digits import plain_digits
from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found
from farthing.kit.printable import unprintable
from farthing.parties.lapsing import check_lapsed
from farthing.parties.levels.model import Kind
from farthing.parties.model import ERASED, NUMBER_MATCHED, PHONE_MATCHED, Outcome, Party, Register, RegisterOrganisation

ADULT_YEARS = 18
OLDEST_YEARS = 130
LONGEST_NAME = 120
DOCUMENT_LEVEL = NUMBER_MATCHED
"""What a provider must have vouched for where somebody is served on the document alone."""
HOME_REGION = "CN"
CONTRADICTS: Mapping[Outcome, tuple[Kind, ...]] = {
    "number_unknown": ("document", "phone"), "name_mismatch": ("document", "phone"), "phone_mismatch": ("phone",),
}  # fmt: skip
"""Of which evidence that a provider gave before it says otherwise now."""

NAME_INVALID = malformed(
    "parties.name_invalid",
    "A name needs 1 to {longest} letters, each of which can be printed; write it as on the identity document.",
    "姓名须为 1 至 {longest} 个可打印的字符；请按证件填写。",
)
RESIDENT_ID_MALFORMED = malformed(
    "parties.resident_id_malformed",
    "A resident identity number has 17 digits and a check character; look at the card and type all 18.",
    "居民身份号码为 17 位数字加 1 位校验码；请对照证件输入全部 18 位。",
)
RESIDENT_ID_CHECKSUM = malformed(
    "parties.resident_id_checksum",
    "The check character of the resident identity number does not fit its digits; one of them is mistyped.",
    "居民身份号码校验码不符，其中有数字输入有误。",
)
RESIDENT_ID_BIRTH_DATE = malformed(
    "parties.resident_id_birth_date",
    "The resident identity number holds no possible birth date; look at digits 7 to 14.",
    "居民身份号码中的出生日期不成立；请核对第 7 至 14 位。",
)
UNDER_AGE = declined(
    "parties.under_age",
    "Registration is open from {minimum} years of age (Civil Code art 17); a guardian may register instead.",
    "年满 {minimum} 周岁方可注册（《民法典》第十七条）；可由监护人注册。",
)
CREDIT_CODE_INVALID = malformed(
    "parties.credit_code_invalid",
    "The unified social credit code is not valid; it has 18 characters with a check character at the end.",
    "统一社会信用代码无效；应为 18 位，末位为校验码。",
)
PHONE_INVALID = malformed(
    "parties.phone_invalid",
    "The phone number is not valid; write it as +86 138 1234 5678, or without +86 inside China.",
    "电话号码无效；请写成 +86 138 1234 5678，本国号码可省略 +86。",
)
NUMBER_TAKEN = conflict(
    "parties.resident_id_taken",
    "This identity number is registered under another name; ask an operator to compare the documents.",
    "该证件号码已以其他姓名登记；请联系工作人员核对证件。",
)
NOT_CONFIRMED = forbidden(
    "parties.not_confirmed",
    "This could not be confirmed from here; come to a counter with your identity document, where the phone on file is "
    "changed.",
    "无法在线确认；请携带身份证件到柜台办理，柜台可更换登记手机。",
)
APP_CODE_NEXT = forbidden(
    "parties.app_code_next",
    "Your new password is kept. Sign in by it and the code that your app shows, or a recovery code; who has lost both comes to "
    "a counter with the identity document.",
    "新密码已设置。请用新密码和身份验证器应用的动态口令（或备用恢复码）登录；两者均遗失的，请携带身份证件到柜台办理。",
)
PHONE_CHANGING = declined(
    "parties.phone_changing",
    "Another phone will be on file after {due_at}; until then no phone proves anything for this customer.",
    "登记手机将于 {due_at} 之后更换；此前任何手机均不能用于证明本人身份。",
)
STATEMENT_MISSING = malformed(
    "parties.statement_missing",
    "Say what you saw: which document, and that its picture is of the person before you.",
    "请写明所见：何种证件，且照片与面前之人相符。",
)
ONESELF = forbidden(
    "parties.own_counter",
    "{actor} is this customer; only a colleague may serve this customer and say that they are there.",
    "{actor} 就是该客户本人；须由其他员工办理和见证。",
)
DOCUMENT_DIFFERS = declined(
    "parties.document_differs",
    "The document's number is not the one that is registered for this customer; compare them again.",
    "证件号码与该客户登记的号码不符；请重新核对。",
)
NOT_CONFIRMED_LATELY = declined(
    "parties.not_confirmed_lately",
    "No proofing provider has confirmed this customer's number within the hour; verify the identity, then repeat.",
    "一小时内没有核验机构确认该客户的号码；请先核验身份，再重试。",
)
UNKNOWN_INCIDENT = not_found(
    "parties.unknown_incident",
    "There is no incident {incident_id} that is still open.",
    "没有尚未了结的事件 {incident_id}。",
)
NO_INSTITUTION = not_found(
    "parties.no_institution",
    "The organisation that runs this platform was never appointed; run `farthing bank open`.",
    "尚未指定运营本平台的机构；请运行 `farthing bank open`。",
)
INSTITUTION_APPOINTED = conflict(
    "parties.institution_appointed",
    "{name} runs this platform already; an institution is appointed once.",
    "本平台运营机构已是 {name}，只能指定一次。",
)
UNKNOWN = not_found("parties.unknown", "There is no party {party_id}.", "不存在客户 {party_id}。")
NOT_KNOWN = not_found(
    "parties.not_known",
    "Nobody here answers to {text}; check it, or register the person first (farthing people register, POST /v1/parties).",
    "没有与 {text} 相符的客户；请核对，或先登记该客户（farthing people register、POST /v1/parties）。",
)
SEVERAL = conflict(
    "parties.several",
    "{count} parties answer to that: {ids}; name one by its id.",
    "有 {count} 位客户符合：{ids}；请用客户编号指明。",
)
PROVIDER_UNKNOWN = malformed(
    "parties.provider_unknown",
    "There is no proofing provider {provider}; known here: {known}.",
    "不存在核验机构 {provider}；可用：{known}。",
)
PROVIDER_UNAVAILABLE = declined(
    "parties.provider_unavailable",
    "The proofing provider {provider} does not answer now; try again in a few minutes.",
    "核验机构 {provider} 暂无响应；请几分钟后重试。",
)
LEVEL_TOO_LOW = declined(
    "parties.level_too_low",
    "This needs verification level {needed}, and the party stands at {level}; verify the identity first.",
    "此业务需要实名等级 {needed}，当前为 {level}；请先完成身份核验。",
)


_MIDDLE_DOTS = re.compile("[\u2022\u2027\u2219\u22c5\u30fb]")
"""Bullet, hyphenation point, bullet operator, dot operator, katakana middle dot: written for U+00B7."""
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_NUMBER_SHAPE = re.compile(r"[0-9]{17}[0-9X]")


@dataclass(frozen=True, slots=True)
class Checked:
    """A registration that passed the formal checks, each value in its one normal form."""

    name: str
    number: str
    phone: str
    born_on: date | None


def name_of(text: str) -> str:
    """A name in normal form: NFKC, single spaces, one kind of middle dot (阿不都·热合曼).

    Names of minorities carry a middle dot that keyboards write in many ways; two spellings are one name. What is kept
    and printed is the normal form, so it is the normal form that is checked: another form may be printable and it not.
    """
    name = _MIDDLE_DOTS.sub("\u00b7", " ".join(unicodedata.normalize("NFKC", text).split()))
    if _HAN.search(name):
        name = name.replace(".", "\u00b7")
    if not name or len(name) > LONGEST_NAME or unprintable(name) is not None:
        raise NAME_INVALID(longest=LONGEST_NAME)
    return name


def resident_id_of(text: str) -> tuple[str, date]:
    """A resident identity number in normal form and the birth date in it.

    The place code (digits 1-6) is not compared with a list: the codes of abolished counties, of foreigners'
    residence cards (9...) and of Hong Kong, Macao and Taiwan residents (81, 82, 83) are people's real numbers.
    """
    number = plain_digits(text).replace(" ", "").replace("-", "").upper()
    if not _NUMBER_SHAPE.fullmatch(number):
        raise RESIDENT_ID_MALFORMED()
    if ric.calc_check_digit(number) != number[-1]:
        raise RESIDENT_ID_CHECKSUM()
    try:
        return number, date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise RESIDENT_ID_BIRTH_DATE() from None


def document_of(text: str) -> str:
    """The number that is read off a document, a person's or an organisation's, without spaces."""
    return plain_digits(text).replace(" ", "").replace("-", "").upper()[:40]


def credit_code_of(text: str) -> str:
    """A unified social credit code in normal form."""
    try:
        return str(uscc.validate(unicodedata.normalize("NFKC", text)))
    except ValidationError:
        raise CREDIT_CODE_INVALID() from None


def phone_of(text: str) -> str:
    """A phone number as E.164: ``+8613812345678``."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), HOME_REGION)
    except phonenumbers.NumberParseException:
        raise PHONE_INVALID() from None
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise PHONE_INVALID()
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def age_years(born_on: date, on: date) -> int:
    """Completed years of life; a birthday of 29 February is kept on the 28th in common years."""
    return full_months(born_on, on) // 12


def check_person(command: Register, on: date) -> Checked:
    """Check a person's registration. Precedence: name, number, birth date, age, phone."""
    name = name_of(command.name)
    number, born_on = resident_id_of(command.resident_id)
    if born_on > on or age_years(born_on, on) > OLDEST_YEARS:
        raise RESIDENT_ID_BIRTH_DATE()
    if age_years(born_on, on) < ADULT_YEARS:
        raise UNDER_AGE(minimum=ADULT_YEARS)
    return Checked(name, number, phone_of(command.phone), born_on)


def check_organisation(command: RegisterOrganisation) -> Checked:
    """Check an organisation's registration. Precedence: name, code, phone."""
    return Checked(name_of(command.name), credit_code_of(command.credit_code), phone_of(command.phone), None)


def same_or_refuse(existing: Party, asked: Checked) -> Party:
    """The party that already holds the number, if the name is the same one."""
    if existing.name != asked.name:
        raise NUMBER_TAKEN()
    return existing


def require_level(party: Party, needed: int) -> Party:
    """Answer ``party`` if its verification level reaches ``needed`` today."""
    check_lapsed(party, needed)
    if party.verification_level < needed:
        raise LEVEL_TOO_LOW(needed=needed, level=party.verification_level)
    return party


def shown_by(level: int) -> tuple[Kind, ...]:
    """The kinds of evidence that a provider's answer is: of the number under the name, and of the phone."""
    shown: tuple[Kind, ...] = ("document", "phone")
    return shown[: max(0, min(level, PHONE_MATCHED))]


def doubted_by(outcome: Outcome) -> tuple[Kind, ...]:
    """The kinds of evidence of the same provider that its later answer contradicts: that it knows no phone says nothing."""
    return CONTRADICTS.get(outcome, ())


def erased(person: Party) -> Party:
    """What stands in a person's place when it is erased."""
    return replace(person, **ERASED)

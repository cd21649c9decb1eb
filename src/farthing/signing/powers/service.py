"""Run powers of attorney: asked for by the customer, drawn under the published form, in force once both and the bank have signed.

What ends one, and what is done under one: :mod:`farthing.parties.acting`, :mod:`farthing.kernel.acting`.
"""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.identity.authenticators import service as authenticators
from farthing.kernel import noticing
from farthing.kernel.acting import powers_service as powers
from farthing.kernel.acting.model import Power
from farthing.kernel.acting.scopes import for_kind
from farthing.kernel.acting.service import power_id_of
from farthing.kernel.operation import Asked, operation
from farthing.kernel.whose import of
from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.acting import rules
from farthing.parties.model import Party
from farthing.parties.rules import name_of, phone_of
from farthing.signing.acts.service import contract_id_of
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.effects_service import FORM
from farthing.signing.agreements.model import AgreementParty, DrawAgreement, Filled
from farthing.signing.powers.model import GrantPower

HELPER_UNKNOWN = declined(
    "signing.helper_unknown",
    "Nobody with that name and phone is a customer here; compare both with your helper, who registers first.",
    "没有姓名与手机号均相符的客户；请与受托人核对，受托人须先注册。",
)
LIMIT_MISSING = declined(
    "signing.power_limitless",
    "A power of attorney is bounded: the limit of a payment and of a day are each more than nothing.",
    "委托授权须设限额：单笔限额和每日限额均须大于零。",
)


@operation(
    "signing.grant_power", title=Words("Let somebody act for oneself", "授权他人代办"), permission="signing:sign",
    whose=of("principal"), conclude=agreements.drawn, by_key=authenticators.customers_own_key,
)  # fmt: skip
def grant_power(tx: Tx, command: GrantPower) -> Asked:
    """Draw a power of attorney: it begins once the customer and the helper have signed it, and the bank has sealed it by itself.

    Refuses ``signing.helper_unknown``, ``signing.power_limitless``, ``powers.oneself``, ``powers.helper_level``,
    ``powers.scope_unfit``, ``powers.limit_unfit``, ``powers.days_unfit``, and as ``signing.draw_agreement`` does; of whoever has
    a passkey ``kernel.key_needed``, else ``identity.own_way_needed`` and ``identity.sign_in_again``.
    """
    principal, helper = parties.party(tx, command.principal), _helper(tx, command)
    if not command.most_each or not command.most_day:
        raise LIMIT_MISSING()
    rules.check(
        "helper", principal, helper, command.scope, command.most_each, command.most_day, tx.business_date, command.until,
        tx.business_date,
    )  # fmt: skip
    named = [each for each in for_kind("helper") if each.name in command.scope]
    matters = Words(", ".join(each.title.en for each in named), "、".join(each.title.zh for each in named))
    asked = agreements.draw(tx, DrawAgreement(
        _name(command), FORM,
        (AgreementParty("principal", principal.id), AgreementParty("helper", helper.id)),
        (
            Filled("matters", matters.zh, matters.en), Filled("most_each", _written(command.most_each)),
            Filled("most_day", _written(command.most_day)), Filled("until", command.until.isoformat()),
        ),
    ))  # fmt: skip
    made = Power(
        power_id_of(asked.subject), "helper", principal.id, helper.id, tuple(each.name for each in named), command.most_each,
        command.most_day, False, False, FORM, asked.subject, tx.actor.id, tx.now, None, command.until,
    )  # fmt: skip
    if powers.keep(tx, made):
        noticing.tell(tx, helper.id, helper.phone, Words(
            f"{principal.name} asks you to act for her at this bank. Read and sign the power of attorney under Me, "
            f"My agreements.",
            f"{principal.name} 请您代办其在本行的业务。请在“我的—我的合同”中阅读并签署授权书。",
        ))  # fmt: skip
    return asked


def agreement_id_of(command: GrantPower) -> str:
    """The agreement that is drawn for it."""
    return contract_id_of(f"agreement:{_name(command)}")


def _name(command: GrantPower) -> str:
    return f"{command.principal}:{command.id}"


def _helper(tx: Tx, command: GrantPower) -> Party:
    """Whoever has both the phone and the name; who has one of them alone is not told from nobody."""
    name = name_of(command.helper_name)
    found = [each for each in parties.of_phone(tx, phone_of(command.helper_phone)) if each.name == name]
    if len(found) != 1:
        raise HELPER_UNKNOWN()
    return found[0]


def _written(amount: Money) -> str:
    return f"{amount.currency} {amount.plain(grouped=True)}"

"""Run programmes: two persons put one in force, or end it, and whoever is asked about a loan is asked by one."""

from __future__ import annotations

from farthing.db.tx import Row, Tx
from farthing.funding import store as partners
from farthing.funding.programmes import files, rules, store
from farthing.funding.programmes.model import EndProgramme, InForce, Programme, SetProgramme
from farthing.funding.rules import UNKNOWN_PARTNER
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products import service as products
from farthing.products.policy import check_joint_shares

FILE = "programme.toml"


@operation(
    "funding.set_programme", title=Words("Put a programme with a partner in force", "发布合作项目"),
    permission="funding:configure", four_eyes=True, whose=STAFF,
)  # fmt: skip
def set_programme(tx: Tx, command: SetProgramme) -> InForce:
    """Put a programme in force, or a version of it in place of the one before: loans accepted from now on are asked about by it.

    Refuses ``products.*`` by file and key, ``funding.unknown_partner``, ``products.unknown``, ``funding.not_co_lent``,
    ``funding.programme_of_another``, and ``policy.lender_share`` where the partner's part, or what it leaves of it, is below the
    least that the law lets a lender carry; ``funding.cover_not_allowed``.
    """
    programme = files.decode(FILE, command.source)
    known_codes = {each.code for each in partners.partners(tx)}
    for code in (programme.partner, *filter(None, [programme.cover.giver if programme.cover else ""])):
        if code not in known_codes:
            raise UNKNOWN_PARTNER(partner=code)
    for product in programme.products:
        if products.loan_terms(tx, product).co_lending is None:
            raise rules.NOT_CO_LENT(product=product)
    known = next((each for each in store.latest(tx) if each["programme"] == programme.code), None)
    if known is not None and known["partner"] != programme.partner:
        raise rules.PROGRAMME_OF_ANOTHER(programme=programme.code, partner=known["partner"])
    whole = Money(10**6, programme.least.currency)
    policy = products.policy_in_force(tx)
    check_joint_shares(policy, whole.allocate([1 - programme.part, programme.part]))
    rules.check_cover(policy, programme.cover)
    store.put(tx, programme, command.source)
    return found(tx, programme.code)


@operation(
    "funding.end_programme", title=Words("End a programme with a partner", "终止合作项目"),
    permission="funding:configure", four_eyes=True, whose=STAFF,
)  # fmt: skip
def end_programme(tx: Tx, command: EndProgramme) -> InForce:
    """End a programme: nobody is asked under it from now on, and what is being asked goes on. What it holds stays held.

    Refuses ``funding.unknown_programme`` and ``funding.programme_ended``.
    """
    known = found(tx, command.programme)
    if not store.end(tx, f"{known.programme.code}@{known.programme.version}"):
        raise rules.PROGRAMME_ENDED(programme=command.programme)
    return found(tx, command.programme)


@question("funding.programmes", permission="funding:configure", whose=STAFF)
def programmes(tx: Tx) -> list[InForce]:
    """Each programme's latest version, by its code; those that ended too."""
    return [_told(row) for row in store.latest(tx)]


def live(tx: Tx) -> list[Programme] | None:
    """The programmes that have not ended; none at all (and not an empty list) where the bank never had one."""
    found = programmes(tx)
    return [each.programme for each in found if not each.ended] if found else None


def every_version(tx: Tx) -> list[InForce]:
    """All versions of all programmes, of each the latest last."""
    return [_told(row) for row in store.every(tx)]


def versions(tx: Tx) -> dict[str, str]:
    """The version of each programme that was set last, by its code."""
    return {each.programme.code: each.programme.version for each in programmes(tx)}


def found(tx: Tx, code: str) -> InForce:
    """A programme as it stands, ended or not; refuses ``funding.unknown_programme``."""
    there = next((each for each in programmes(tx) if each.programme.code == code), None)
    if there is None:
        raise rules.UNKNOWN_PROGRAMME(programme=code)
    return there


def _told(row: Row) -> InForce:
    return InForce(files.decode(FILE, row["source"]), row["source"], row["set_at"], row["set_by"], row["ended"])

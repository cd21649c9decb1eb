"""Keep products and policies in force and answer their terms; each kind is published by the package that carries it out.

Terms are decoded from the published source, always. A version, once published, never
changes, so decoded terms are kept in memory by (product, version).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from farthing.db.tx import Row, Tx
from farthing.identity import sign_in
from farthing.identity.sign_in import SignInRules
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS
from farthing.kit.actor import PUBLIC
from farthing.kit.errors import InvariantBroken, conflict, not_found
from farthing.kit.inputs import Word
from farthing.kit.shipped import DATA
from farthing.kit.words import Words
from farthing.parties.levels import keeping_service as levels
from farthing.products import files, floating, rails, store
from farthing.products.agreement import AgreementForm
from farthing.products.files import Content
from farthing.products.model import LoanTerms, Publish, Published
from farthing.products.policy import Policy
from farthing.products.rails import RailRules
from farthing.products.reference.service import reference

_DECODED: dict[tuple[str, str], Content] = {}

POLICY = "policy"
"""The name under which the policy pack in force is published, whichever jurisdiction's it is."""
ROOT = DATA
FORMS = ROOT / "agreements"
"""Where the business formats lie that come with the program."""
HOUSE = Words("house rule", "本机构规则")
"""The article of what holds in a bank that has published no policy, or whose policy is silent and careful all the same."""

UNKNOWN = not_found(
    "products.unknown",
    "There is no product {product} here ({version}); look at the list of products.",
    "没有产品 {product}（{version}）；请查看产品列表。",
)
NONE_IN_FORCE = Words("none is in force", "无现行版本")
KINDS = {
    "loan": Words("loan product", "贷款产品"), "deposit": Words("deposit product", "存款产品"),
    "fund": Words("fund", "基金"), "rate_board": Words("rate board", "利率表"), "scorecard": Words("scorecard", "评分卡"),
    "policy": Words("policy", "政策文件"), "agreement": Words("form of agreement", "合同格式"),
}  # fmt: skip
"""What a file of each kind holds, as a refusal says it."""
OTHER_KIND = conflict(
    "products.other_kind",
    "{product} is a {kind}, not a {wanted}.",
    "{product} 是{kind}，不是{wanted}。",
)
NO_POLICY = not_found(
    "policy.none_in_force",
    "No policy pack is in force; publish one of policies/*.toml first.",
    "尚无生效的政策包；请先发布 policies/*.toml 之一。",
)


def put_in_force(tx: Tx, command: Publish, *among: str) -> Published:
    """Put a file of one of these kinds in force; whoever carries the kind out has looked at what else it asks for.

    Refuses ``products.bad_name``, ``products.unreadable``, ``products.invalid`` and what decoding refuses.
    """
    kind, version, content = files.decode(command.product, command.source, among)
    store.insert_version(tx, Published(command.product, version, kind, tx.now, tx.actor.id), command.source)
    store.put_in_force(tx, command.product, kind, version)
    if isinstance(content, Policy):
        levels.put_in_force(tx, content.levels)
    return store.published(_kept(tx, command.product, version))


def published(tx: Tx, product: str, version: str) -> Published:
    """When and by whom a version was published; refuses ``products.unknown``."""
    return store.published(_kept(tx, product, version))


def _kept(tx: Tx, product: str, version: str) -> Row:
    row = store.find_version(tx, product, version) if (product + version).isprintable() else None
    if row is None:
        raise UNKNOWN(product=product, version=Words(f"version {version}", f"版本 {version}"))
    return row


def _policy_source(name: str, root: Path) -> str:
    chosen = root / "policies" / f"{name}.toml"
    if not chosen.is_file():
        raise UNKNOWN(product=f"policies/{name}.toml", version=NONE_IN_FORCE)
    return chosen.read_text(encoding="utf-8")


def shipped_policy(name: str, root: Path = ROOT) -> Policy:
    """A policy pack that comes with the program, decoded; refuses ``products.unknown``."""
    _, _, found = files.decode(POLICY, _policy_source(name, root))
    if not isinstance(found, Policy):
        raise InvariantBroken(f"policies/{name}.toml is a {found.kind}")
    return found


def shipped(policy_name: str, root: Path = ROOT, *, home: str | None = None) -> list[Publish]:
    """The files that come with the program, policy first: what a new bank publishes. ``home``: products in that currency
    alone."""
    return [Publish(POLICY, _policy_source(policy_name, root)), *shipped_of("loan", root, home=home)]


def shipped_of(kind: str, root: Path = ROOT, *, home: str | None = None) -> list[Publish]:
    """The products of a kind that come with the program, by name; with ``home`` those in that currency alone."""
    paths = sorted((root / "products").glob("*.toml"))
    found = [Publish(path.stem, path.read_text(encoding="utf-8")) for path in paths]
    return [
        each for each in found
        if files.kind_of(each.product, each.source) == kind
        and home in (None, files.currency_of(each.product, each.source))
    ]  # fmt: skip


def shipped_form(name: str) -> Publish:
    """The file of a business format that comes with the program."""
    return Publish(name, (FORMS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def shipped_forms() -> Mapping[str, AgreementForm]:
    """The business formats that come with the program, decoded, by name; read at first use."""
    names = sorted(path.stem for path in FORMS.glob("*.toml"))
    decoded = {name: files.decode(name, shipped_form(name).source, (AgreementForm.kind,))[2] for name in names}
    return {name: form for name, form in decoded.items() if isinstance(form, AgreementForm)}


def agreement_form(tx: Tx, name: str, version: str | None = None) -> AgreementForm:
    """A business format, the one in force unless a version is given; refuses ``products.unknown``, ``products.other_kind``.

    Of a format that comes with the program and of which the bank published none, the program's own version is in force; a
    contract that pins it keeps it (:func:`keep_form`).
    """
    shipped = shipped_forms().get(name)
    if shipped is not None and (version or store.in_force(tx, name)) in (None, shipped.version):
        return shipped
    found = terms(tx, name, version)
    if not isinstance(found, AgreementForm):
        raise OTHER_KIND(product=name, kind=KINDS[found.kind], wanted=KINDS[AgreementForm.kind])
    return found


def keep_form(tx: Tx, form: AgreementForm) -> None:
    """Keep a version that a contract pins, where it is the program's own and was never published."""
    if store.find_version(tx, form.product, form.version) is None:
        put_in_force(tx, shipped_form(form.product), AgreementForm.kind)


def agreement_names(tx: Tx) -> list[str]:
    """The business formats in force, by name."""
    return sorted({*shipped_forms(), *(name for name, _ in store.all_in_force(tx, AgreementForm.kind))})


def version_in_force(tx: Tx, product: str) -> str:
    """The version of a product that new agreements pin; refuses ``products.unknown``."""
    version = store.in_force(tx, product) if product.isprintable() else None
    if version is None:
        raise UNKNOWN(product=product, version=NONE_IN_FORCE)
    return version


def terms(tx: Tx, product: str, version: str | None = None) -> Content:
    """The decoded terms of a version (default: the one in force); refuses ``products.unknown``."""
    pinned = version or version_in_force(tx, product)
    kept = _DECODED.get((product, pinned))
    if kept is None:
        _, digest, kept = files.decode(product, _kept(tx, product, pinned)["source"], standing=True)
        if digest != pinned:
            raise InvariantBroken(f"the source of {product}@{pinned} has the digest {digest}")
        _DECODED[product, pinned] = kept
    return kept


def loan_terms(tx: Tx, product: str, version: str | None = None) -> LoanTerms:
    """As :func:`terms`, of a loan, at today's rate where it floats; refuses ``products.other_kind``,
    ``products.reference_unknown``."""
    found = terms(tx, product, version)
    if not isinstance(found, LoanTerms):
        raise OTHER_KIND(product=product, kind=KINDS[found.kind], wanted=KINDS["loan"])
    return at_todays_rate(tx, found)


def at_todays_rate(tx: Tx, found: LoanTerms) -> LoanTerms:
    """The terms of a loan as they are today; refuses ``products.reference_unknown`` where the rate follows what nobody set."""
    follows = found.rate.floating
    if follows is None:
        return found
    figure = reference(tx, follows.reference, found.currency).on(tx.business_date)
    return floating.priced(found, figure, tx.business_date)


def policy_if_any(tx: Tx) -> Policy | None:
    """The policy pack whose law applies; none in a bank that has published none."""
    version = store.in_force(tx, POLICY)
    if version is None:
        return None
    found = terms(tx, POLICY, version)
    if not isinstance(found, Policy):
        raise InvariantBroken(f"policy@{version} is a {found.kind}")
    return found


@sign_in.by_policy
def sign_in_rules(tx: Tx) -> SignInRules:
    """How old a sign-in may be for what, and how long a recovery waits."""
    policy = policy_if_any(tx)
    found = policy.sign_in if policy else None
    rules = SignInRules() if found is None else found.rules
    keys = policy.passkeys if policy else None
    return rules if keys is None else replace(rules, ways_in=timedelta(minutes=keys.again_minutes))


def policy_in_force(tx: Tx) -> Policy:
    """The policy pack whose law applies; refuses ``policy.none_in_force``."""
    found = policy_if_any(tx)
    if found is None:
        raise NO_POLICY()
    return found


def rail_rules(tx: Tx) -> RailRules:
    """How money with other banks is watched, and when each rail works."""
    policy = policy_if_any(tx)
    return (policy and policy.rails) or rails.before(HOUSE)


@question("products.loans_in_force", permission=PUBLIC, whose=NOBODYS)
def loans_in_force(tx: Tx) -> list[LoanTerms]:
    """Every loan product that may be offered now, by name."""
    return [loan_terms(tx, product, version) for product, version in store.all_in_force(tx, "loan")]


@question("products.called", permission=PUBLIC, whose=NOBODYS)
def called(tx: Tx, kind: Word) -> dict[str, Words]:
    """What products of a kind are called, by id, offered still or not: by their newest terms."""
    known = ((product, terms(tx, product, version)) for product, version in store.all_in_force(tx, kind))
    return {product: each.name for product, each in known if isinstance(each.name, Words)}


def was_published(tx: Tx, product: str) -> bool:
    """Whether any version of a product or policy was ever put in force."""
    return store.in_force(tx, product) is not None


def in_force(tx: Tx, kind: str) -> list[tuple[str, str]]:
    """Product and version of everything of a kind that is in force, by name."""
    return store.all_in_force(tx, kind)

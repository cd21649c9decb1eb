"""Say what may not be declared as a feature, by law. Pure.

Name, meaning and source are read alike: a column called ``x17`` that means a religion is one. Text is folded first (full-width
letters, accents, marks that cannot be seen, case), so that a word is found however it is written; one spelt wrong is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from farthing.credit.catalogue.model import LawClass
from farthing.kit.errors import InvariantBroken, forbidden
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse
from farthing.kit.words import Words

FORBIDDEN = forbidden(
    "credit.feature_forbidden",
    "The feature {feature} is about {what}, which may not be used for a decision on credit: {article}. Leave it out.",
    "特征 {feature} 涉及{what}，不得用于授信决定：{article}。请予剔除。",
)
SHOWN = 60
"""Characters of a name that a refusal repeats."""
_FILE = "features/law.toml"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
"""Where one word ends and the next begins without a sign between: ``bloodType``, ``HIVTest``, ``sex1``."""
_BETWEEN = re.compile(r"[\W_]+")


def check_lawful(name: str, meaning: str = "", source: str = "", pack: str = "sandbox") -> None:
    """Refuse ``credit.feature_forbidden``: a feature that the law of a policy pack forbids, by name, meaning or source."""
    found = forbidden_class(name, meaning, source, pack)
    if found is not None:
        raise FORBIDDEN(feature=name[:SHOWN], what=found.called, article=_article(found, pack))


def forbidden_class(name: str, meaning: str = "", source: str = "", pack: str = "sandbox") -> LawClass | None:
    """The class of data that a pack forbids and a feature is about; a pack that nobody knows forbids all."""
    return _first((name, meaning, source), pack)


def _first(texts: Sequence[str], pack: str) -> LawClass | None:
    known, classes = _law()
    told = " | ".join(_folded(text) for text in texts)
    return next(
        (
            each
            for each in classes
            if (pack not in known or pack in each.articles) and _pattern(each.words).search(told)
        ),
        None,
    )


def _folded(text: str) -> str:
    """A text as words are looked for in it: letters and digits of one case, a space between words of letters."""
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) not in ("Cf", "Mn")
    )
    return _BETWEEN.sub(" ", _HUMP.sub(" ", plain).casefold())


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words of letters, a phrase in one word too (``bloodtype``), any ending where a star stands; Chinese anywhere."""
    letters = [
        r"\s?".join(map(re.escape, word.rstrip("*").split())) + ("[a-z0-9]*" if word.endswith("*") else "")
        for word in words
        if word.isascii()
    ]
    others = [re.escape(word) for word in words if not word.isascii()]
    return re.compile("|".join([rf"(?<![a-z0-9])(?:{'|'.join(letters)})(?![a-z0-9])", *others]))


def _article(found: LawClass, pack: str) -> Words:
    return found.articles.get(pack) or next(iter(found.articles.values()))


@cache
def _law() -> tuple[tuple[str, ...], tuple[LawClass, ...]]:
    table = parse(_FILE, (DATA / _FILE).read_text(encoding="utf-8"), _broken)
    packs = table.texts("packs")
    found = table.many("forbidden", lambda one: _class(one.table("forbidden"), packs))
    table.close()
    return packs, found


def _class(table: Table, packs: Iterable[str]) -> LawClass:
    articles = {pack: table.words(pack) for pack in packs if table.has(pack)}
    found = LawClass(table.text("id"), table.words("name"), table.texts("words"), articles)
    table.close()
    if not articles:
        raise InvariantBroken(f"{_FILE}: no pack singles out {found.id}")
    return found


def _broken(fault: Fault) -> Exception:
    return InvariantBroken(f"{fault.file}: {fault.name}: {fault.problem}")

"""Own which columns no model of a person may be fitted on, by their names. Pure.

Credit Reporting Regulation art. 14 (religion, genes, fingerprints, blood type, illness); Equal Credit Opportunity Act, 15 U.S.C.
1691(a) (race, colour, religion, national origin, sex, marital status); Personal Information Protection Law art. 28.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from farthing.kit.errors import declined

FORBIDDEN = declined(
    "credit.feature_forbidden",
    'The law forbids to judge a person by {columns}; say "ignore" of it, or name it as the group whose treatment is compared.',
    '法律禁止以 {columns} 评价个人；请将其设为 "ignore"，或作为公平性比较的分组列。',
)
WORDS = frozenset({
    "religion", "religious", "faith", "gene", "genes", "genetic", "dna", "fingerprint", "blood", "illness", "disease", "health",
    "disability", "race", "racial", "ethnic", "ethnicity", "colour", "nationality", "foreign", "citizenship", "sex", "gender",
    "marital", "marriage", "married", "pregnant", "political", "union",
})  # fmt: skip
CHINESE = (
    "宗教",
    "信仰",
    "基因",
    "指纹",
    "血型",
    "疾病",
    "病史",
    "民族",
    "种族",
    "国籍",
    "性别",
    "婚姻",
    "婚否",
    "政治面貌",
)


def check_lawful(columns: Iterable[str]) -> None:
    """Refuse ``credit.feature_forbidden``, naming the columns."""
    found = [name for name in columns if _forbidden(name)]
    if found:
        raise FORBIDDEN(columns=", ".join(found))


def _forbidden(name: str) -> bool:
    """Whether a column is named after what a person may not be judged by."""
    parts = {part.lower() for part in re.split(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])", name)}
    return bool(parts & WORDS) or any(word in name for word in CHINESE)

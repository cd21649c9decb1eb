"""A made-up table of borrowers for tests of training: small, with a known truth, unknown values and categories."""

from __future__ import annotations

import random

SPEC = """
kind = "training"
name = "made"
subject = "person"
id = "id"
group = "team"

[outcome]
column = "went"
bad = ["bad"]
good = ["good"]

[fit]
folds = 3

[columns]
income = {better = "higher"}
debt = {better = "lower"}
age = "number"
home = "category"
hobby = "category"
"""
HEADER = ("id", "year", "income", "debt", "age", "home", "hobby", "team", "went")


def rows(count: int = 300, seed: int = 1) -> list[list[str]]:
    """People of whom richer ones with less debt and a house of their own go wrong less."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        income, debt = chance.randint(1000, 9000), chance.randint(0, 5000)
        home = chance.choice(["own", "rent", "family"])
        hurt = -1.2 - (income - 5000) / 1500 + (debt - 2500) / 1500 + {"own": -0.8, "rent": 0.8, "family": 0.0}[home]
        bad = chance.random() < 1 / (1 + 2.718281828**-hurt)
        found.append([
            f"p{number}", str(2000 + number * 6 // count), "" if chance.random() < 0.05 else str(income), f"{debt:,}.00",
            str(chance.randint(20, 70)), home, chance.choice(["chess", "cards"]), chance.choice(["x", "y"]),
            "bad" if bad else "good",
        ])  # fmt: skip
    return found


def table(some: list[list[str]], header: tuple[str, ...] = HEADER) -> bytes:
    """The rows as CSV."""
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in [list(header), *some]).encode()

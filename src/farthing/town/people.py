"""Made-up people and organisations: numbers valid by checksum, of nobody. Pure."""

from __future__ import annotations

import hashlib
from datetime import date

from stdnum.cn import ric


def resident_id(name: str, run: str, born_on: date, *, codes: range) -> str:
    """A resident identity number (GB 11643-1999) that a name and a run always give, its order code in ``codes``."""
    seed = int.from_bytes(hashlib.sha256(f"{name} {run}".encode()).digest()[:8], "big")
    day = born_on.replace(day=1 + seed % 28)
    digits = f"310104{day:%Y%m%d}{codes[seed // 28 % len(codes)]:03d}"
    return digits + str(ric.calc_check_digit(digits + "0"))


def phone(name: str, run: str) -> str:
    """A mobile number that a name and a run always give, never one that the sandbox declines."""
    seed = int.from_bytes(hashlib.sha256(f"phone {name} {run}".encode()).digest()[:8], "big")
    return f"+86139{seed % 10_000:04d}{1000 + seed // 10_000 % 8_000:04d}"


def numbered_resident(seed: int, number: int, born_on: date, codes: range) -> str:
    """A resident identity number that no other of the same city has, its order code in ``codes``: the place in the city
    chooses the code, then the day of the month, then the district."""
    day = born_on.replace(day=1 + number // len(codes) % 28)
    district = 310_000 + (seed * 97 + number // (28 * len(codes))) % 10_000
    digits = f"{district}{day:%Y%m%d}{codes[number % len(codes)]:03d}"
    return digits + str(ric.calc_check_digit(digits + "0"))

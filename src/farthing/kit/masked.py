"""Own how somebody is shown to somebody else: enough to know a person by whom one knows, too little to learn who it is.

Pure.
"""

from __future__ import annotations


def masked_name(name: str) -> str:
    """A name by which a payer knows the payee and a stranger does not: ``*美``, ``**明``, ``J*** S****``."""
    if name.isascii():
        return " ".join(f"{word[:1]}{'*' * (len(word) - 1)}" for word in name.split())
    return f"{'*' * max(len(name) - 1, 1)}{name[-1:]}"


def masked_number(number: str) -> str:
    """A number of an identity document of which the last four characters are left: ``**************1234``."""
    return f"{'*' * max(len(number) - 4, 4)}{number[-4:] if len(number) > 8 else ''}"


def masked_phone(phone: str) -> str:
    """A phone number of which the middle is left out: ``138****5600``."""
    digits = phone.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) > 7 else "****"

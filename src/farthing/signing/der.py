"""Own encoding what was built with asn1crypto: once, and not once more for every level that it lies below.

asn1crypto encodes a value that was built, not parsed, again whenever somebody asks for its contents, which each level does
twice of the level beneath: the attributes of a signature, eight levels deep, were encoded some hundred times, and that was
the greater part of what signing a document cost. Never changes what a value says.
"""

from __future__ import annotations

from typing import Any

from asn1crypto import core


def settled(value: Any) -> Any:
    """The same value, encoded now, the deepest level first; nothing of it is encoded again until something is set in it."""
    if isinstance(value, core.Choice):
        settled(value.chosen)
    elif isinstance(value, core.Sequence | core.SequenceOf):
        changed = value._is_mutated()
        for child in value.children or ():
            settled(child)
        if changed:
            value._set_contents()
            value._mutated = False
    return value


def fresh(value: Any) -> Any:
    """The same value, parsed from its own DER."""
    return type(value).load(settled(value).dump())

"""Own the schemas: how a message becomes a tree that is safe to read, and what of it its XML Schema refuses. Pure.

A message has no document type and no entities (XXE, expansion); its parser reaches neither files nor the network. The schema
is ISO 20022's own, of the registration authority's catalogue, which anybody may use; it lies in ``data/iso20022``.
"""

from __future__ import annotations

import threading
from functools import lru_cache

from lxml import etree

from farthing.kit.shipped import DATA
from farthing.payments.iso20022 import rules

STATEMENT = "camt.053.001.08"
REPORT = "camt.052.001.08"
"""What moved today so far, as a statement has it."""
_ONE_AT_A_TIME = threading.Lock()
"""A schema keeps what it found last; two validations at once would read each other's."""


def space_of(message: str) -> str:
    """The namespace of a message's elements."""
    return f"urn:iso:std:iso:20022:tech:xsd:{message}"


def tree_of(content: bytes, *wanted: str) -> tuple[str, etree._Element]:
    """Which of the wanted messages it is (a statement, where none is named), and its root, which its schema accepts; refuses
    ``iso20022.*``."""
    wanted = wanted or (STATEMENT,)
    rules.check_size(len(content))
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!DOCTYPE" in content:
            raise rules.FORBIDDEN_MARKUP() from None
        raise rules.UNREADABLE(problem=str(error)[:200]) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise rules.FORBIDDEN_MARKUP()
    name = etree.QName(root)
    found = str(name.namespace or name.localname).rpartition(":")[2]
    if found not in wanted or name.namespace != space_of(found) or name.localname != "Document":
        raise rules.OTHER_MESSAGE(found=found[:60], wanted=", ".join(wanted))
    _validate(root, found)
    return found, root


def _validate(root: etree._Element, message: str) -> None:
    with _ONE_AT_A_TIME:
        schema = _schema(message)
        if schema.validate(root):
            return
        first = schema.error_log[0]
    found = root.getroottree().xpath(first.path)[0]
    element = etree.QName(found).localname
    if element == "UETR":
        raise rules.BAD_UETR(uetr=str(found.text)[:60])
    raise rules.INVALID(
        line=first.line,
        element=element,
        problem=first.message.replace(f"{{{space_of(message)}}}", "")[:300].rstrip("."),
    )


@lru_cache
def _schema(message: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(DATA / "iso20022" / f"{message}.xsd")))

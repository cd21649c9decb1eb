"""What a part of a test must be refused with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from farthing.kit.errors import Code, Refusal


@contextlib.contextmanager
def refused(code: Code) -> Iterator[None]:
    """Whatever is done within is refused by this code."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code.name

"""Set the stage of a simulated bank: the peers and the furniture that a bank with a real clock never gets.

A door opens the bank (:mod:`farthing.bank.opening`) and has it staged. What decides is the clock that the bank has,
whatever the settings of this start say: a real bank started without ``FARTHING_CLOCK`` gets no sandbox.
"""

from __future__ import annotations

from farthing.bank.suites import suited
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.town.founding import furnish
from farthing.town.ports import ports_of


def staged(kernel: Kernel, settings: Settings, *, look_only: bool = False) -> Kernel:
    """A bank with a simulated clock gets the city's peers, its institution and its money; another stays as it is.

    ``look_only``: peers alone, nothing of the bank is changed.
    """
    if kernel.clock().mode == "simulated":
        kernel.ports = suited(kernel, settings, ports_of(settings))
        if not look_only:
            furnish(kernel)
    return kernel

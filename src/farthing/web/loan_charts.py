"""Own the chart of a loan: its instalments, principal and interest, with the paid ones filled. Pure."""

from __future__ import annotations

from farthing.kit.money import Money
from farthing.lending.model import Loan
from farthing.web import speech, writing
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.plain import stacked
from farthing.web.speech import gettext as _


def paid(loan: Loan) -> int:
    """How many instalments are paid, from the first on."""
    unpaid = (count for count, due in enumerate(loan.instalments) if not due.settled or due.written_off)
    return next(unpaid, len(loan.instalments))


def repaid(loan: Loan) -> Chart:
    """Principal and interest of each instalment, the paid ones filled; its title says how far one is."""
    principal = Series(_("Principal"), [_point(str(due.number), due.principal) for due in loan.instalments])
    interest = Series(_("Interest"), [_point(str(due.number), due.interest + due.fee) for due in loan.instalments])
    title = _("%(done)s of %(all)s instalments paid") % {"done": paid(loan), "all": len(loan.instalments)}
    told = _("Each bar is one instalment: principal below, interest above; what is paid is filled.")
    return stacked(title, told, [principal, interest], _("Instalment"), speech.language(), filled=paid(loan))


def _point(label: str, amount: Money) -> Point:
    return Point(label, amount.decimal(), writing.plain(amount))

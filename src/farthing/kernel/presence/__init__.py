"""Own the table of attendances, for :mod:`farthing.kernel.attendance` and :mod:`farthing.kernel.whose`."""

"""Lending tells an exchange of its loans, month by month, and warns borrowers before anything bad is told."""

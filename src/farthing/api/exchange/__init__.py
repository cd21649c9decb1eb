"""The door of a credit-information node: nothing of a bank is served here."""

"""Own debits that a payee draws: the mandate that a payer signs under limits of his own, its debits, and their way back."""

"""How late the loans are, all together: by days past due now, and what became of them in a month."""

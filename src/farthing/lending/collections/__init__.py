"""How late borrowers are spoken to: each contact asked for and written down, reminders, promises, hardship."""

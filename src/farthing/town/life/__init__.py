"""The city's life, pure: who lives there, what each earns, owes and wishes on a day. The same seed is the same life."""

"""Quote a loan without a database: a case in, the schedule, what is owed on a day, and the entries out. Pure."""

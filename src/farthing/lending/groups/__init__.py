"""People who answer for each other's loans: who belongs together, when they meet, and what is collected there."""

"""Complaints, praise, ideas and questions: received by one door, acknowledged, owned, answered in time, redressed, asked about
once more, closed."""

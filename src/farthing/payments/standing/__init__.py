"""Own payments that one arranges once: on a day, each week or month, until one stops them; and what became of each."""

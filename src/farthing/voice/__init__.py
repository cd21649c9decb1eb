"""Own what customers say: complaints, praise, ideas and questions; and what becomes of it."""

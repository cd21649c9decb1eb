"""What people speak of, again and again: topics, how often each is spoken of, and whether that rises or falls."""

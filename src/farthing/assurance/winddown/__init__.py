"""The living will: an export that a backup servicer can run, its check, and its taking over by another bank."""

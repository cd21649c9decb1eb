"""What answers for a partner's losses under a programme: who gave how much, what was claimed of it, and what came back."""

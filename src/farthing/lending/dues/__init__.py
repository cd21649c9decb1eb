"""What of loans has fallen due, and what paying it comes to, read no further than an ordinary payment needs."""

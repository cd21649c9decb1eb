"""What the own book earns."""

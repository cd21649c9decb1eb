"""What members furnish month by month: cycles, the gate that they go through, and what is recorded of them."""

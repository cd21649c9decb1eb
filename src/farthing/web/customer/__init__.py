"""The customer's door: a phone first, five tabs."""

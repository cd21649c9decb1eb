"""What is computed about a person for a decision on credit: each figure declared once, as data, and what may not be declared."""

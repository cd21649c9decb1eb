"""What is lent together with partners: how much, against which limits, and for which price."""

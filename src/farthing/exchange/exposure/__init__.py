"""The two sides that meet at tagger and shelf: a lender, which loads and asks, and a person's door, which blinds and signs."""

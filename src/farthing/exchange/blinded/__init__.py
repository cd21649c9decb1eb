"""What tagger, shelf, lenders and the person's side share: blinded points, signed messages, their law, an append-only file."""

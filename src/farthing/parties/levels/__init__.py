"""How well a customer is known, by which evidence, and until when."""

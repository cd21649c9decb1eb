"""What a customer may know of the use of her data: who asked about her, what she brought, and what each figure was worth."""

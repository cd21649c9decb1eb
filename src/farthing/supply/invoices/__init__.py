"""What an invoice file says: read strictly, whichever of the known formats it is in."""

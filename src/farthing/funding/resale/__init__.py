"""The secondary market: parts of notes that lenders offer are sold to mandates in turn, at a fair price, once a day."""

"""The protection fund: what borrowers pay in fees on lenders' parts, and what of it lenders of loans given up are paid."""

"""Own who takes money by codes: merchants with stores, tills and cashiers, what they took, gave back and were paid out."""

"""Who acts for another: guardians and signatories, entered by two of the staff; powers ended; acts told; joint acts decided."""

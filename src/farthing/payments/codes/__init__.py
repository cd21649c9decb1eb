"""Read and write the codes that people pay by: shown by a merchant, or shown by a payer. Pure; never says what is owed."""

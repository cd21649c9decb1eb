"""How credit was decided lately, in counts."""

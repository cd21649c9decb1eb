"""The call auction of the marketplace: open listings and mandates clear together, by a published rule. Pure, no database."""

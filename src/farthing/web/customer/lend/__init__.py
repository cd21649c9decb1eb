"""The pages of who lends through the marketplace: what comes before, mandates, listings, and where the money is."""

"""The pooled money-market fund: its units, orders, income, assets and day."""

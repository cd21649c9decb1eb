"""The pooled money-market fund in the bank: founding, orders, assets, daily income. Never rounds a share to a fen."""

"""Wallets, transfers and the rail to other banks. Never lends, never keeps a balance outside the ledger."""

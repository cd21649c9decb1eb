"""The close of a day for loans: what falls due is earned, and collected as far as the wallets go."""

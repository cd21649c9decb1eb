"""What moved in a wallet: looked through by kind, month and words, one movement as a receipt, and the balance day by day."""

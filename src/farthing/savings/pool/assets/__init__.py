"""What a fund owns: declared assets, their purchase and end, and the manager's fee."""

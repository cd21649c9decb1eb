"""Own which model decides, which ones are tried beside it without deciding, and how one follows another."""

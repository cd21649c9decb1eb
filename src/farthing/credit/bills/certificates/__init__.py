"""Certificates of payments that wallets issue as signed PDFs, read as bills: text with its place, rows, and what it certifies."""

"""Contracts, certificates, timestamps and the signing of PDFs. Never decides who may borrow."""

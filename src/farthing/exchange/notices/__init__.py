"""Notices: what members have to hear of disputes, corrections and withdrawals, fetched by them or brought to them."""

"""Consents that machines enforce: templates as data, artefacts that a person signs, their states, their receipts."""

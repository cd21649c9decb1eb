"""Let another institution read what a person lets it, and stop it: the bank as an authorisation server by FAPI 2.0."""

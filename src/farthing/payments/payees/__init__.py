"""Own whom a customer pays: by the phone, or by a code that the payee shows; never by an id."""

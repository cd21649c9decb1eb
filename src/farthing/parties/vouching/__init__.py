"""Tell partners who somebody is, where that person agreed to it: the bank as an OpenID provider."""

"""Persons at a node: introduced by an institution that knows them, with keys and a login of their own."""

"""A person's own report: everything of hers, as a signed file that is checked without the node."""

"""Crowdfunding: projects that many pay for together, all or nothing, whose money's whole way everybody sees."""

"""The credit-information node: records of many lenders, asked under a person's own consent."""

"""A credit-information node: what several institutions tell of their borrowers, kept so that any report given is given again."""

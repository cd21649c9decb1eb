"""The credit-information node: records of many lenders, asked under a person's own consent."""

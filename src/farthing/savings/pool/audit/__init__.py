"""The verification of pooled funds: every holding, index and balance derived again."""

"""Agreements of any business format: drawn from fields, signed by their parties in order, in force once they meet the form."""

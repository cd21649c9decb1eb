"""Loan products as they stand on the shelf: put in force, and what they cost before anybody asks for one."""

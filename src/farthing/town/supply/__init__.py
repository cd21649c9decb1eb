"""The supply chain of the simulated city: made-up companies and the files of their invoices."""

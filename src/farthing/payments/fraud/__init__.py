"""What is looked at before a payment goes, by rules that are data; payments that wait for a person; and reports of fraud."""

"""The process that keeps bands by tag and answers in bands: who is behind a tag, and what a lender is called, it does not say."""

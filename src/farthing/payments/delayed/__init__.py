"""Own payments that go later because the payer chose so, and that he takes back until they go."""

"""The one way in: operations, ``run``, idempotency, four eyes, jobs, the bank's clock and settings."""

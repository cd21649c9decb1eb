"""Re-derive the stored log: rules (pure), store (reads), service (``verify``). Never repairs."""

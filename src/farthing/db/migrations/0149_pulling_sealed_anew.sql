-- The key that proves this bank elsewhere is sealed anew when the bank's secret changes.

GRANT UPDATE ON pull_key TO farthing_app;

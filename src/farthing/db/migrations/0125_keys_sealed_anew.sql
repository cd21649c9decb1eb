-- A kept key is sealed anew when the policy chooses another suite, or the deployment another secret; the key stays the same.

GRANT UPDATE (key) ON signing_key TO farthing_app;

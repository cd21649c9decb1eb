"""The append-only log: leaves, an RFC 6962 tree over them, signed checkpoints, proofs and evidence packages.

Owns the tables ``evidence_*``. An operation appends a leaf in its own transaction; a job integrates leaves into
the tree and publishes checkpoints. Never changes or removes a leaf; personal data is erased beside it, not in it.
"""

"""Whether a certificate was revoked, asked of its authority's responder when it signs (OCSP, RFC 6960)."""

"""Own the judging of any signed PDF: what its signatures vouch for, whoever made it. Never opens a database or a network."""

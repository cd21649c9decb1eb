"""The process that holds the log's key and signs its checkpoints, and nothing else; and the line to it.

It keeps the last tree that it signed, and signs another only where that one grew out of it (RFC 6962 section 2.1.2, which it
checks itself). The bank's own process and database hold no key of the log. Never reads a database.
"""

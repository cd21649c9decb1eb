"""The part of the audit that compares what lies apart."""

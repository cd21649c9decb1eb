"""The life of a loan: dated events over a plan, folded into what is owed on any day. Pure."""

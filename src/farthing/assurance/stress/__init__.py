"""Own stress tests: a scenario is a file, run over a copy of the book by the rules that the book itself is judged by."""

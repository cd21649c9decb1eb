"""Our account at each rail, three ways by line: the books, the rail's own statement, and what we instructed."""

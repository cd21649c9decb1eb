"""Whoever follows a log from outside: keeps every checkpoint that anybody showed, and alarms where they do not lie on one line.

It is nobody's part of the bank: it needs no database, and believes the log nothing that it does not prove.
"""

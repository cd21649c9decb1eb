"""What a node says of a subject: a view of its records at a day and a revision, which is the same whenever it is printed."""

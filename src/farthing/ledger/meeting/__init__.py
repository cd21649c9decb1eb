"""Books and log meet: each entry that a leaf names is there as it was posted, and each that is there was named."""

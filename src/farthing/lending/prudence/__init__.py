"""How bad the loans are and what is set aside for it: classes, stages, expected loss, the snapshot of each month."""

"""Training: from a table of people and outcomes to a model as data, its measures and its card. Deciding needs none of it."""

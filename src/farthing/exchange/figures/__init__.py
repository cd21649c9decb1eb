"""Published indicators: figures of regions and classes that tell of nobody: thresholds, suppression, integer noise, a budget."""

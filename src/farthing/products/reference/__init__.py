"""Reference rates: what loans that float follow, figure by figure, each from its day."""

"""The features of many people at once, for training and for scoring in batch. Nobody else brings this in: it loads polars."""

"""Savers by the million, for rehearsals and benchmarks: as if each had opened a deposit at the counter of a rail."""

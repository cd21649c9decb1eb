"""A way in that was lost is given back after a wait, which its person is told of everywhere and can stop from anywhere."""

"""Measures, one a file: each returns one score and the individual scores behind it."""

"""Versions of a rubric: the difference, and sheets moved between them."""

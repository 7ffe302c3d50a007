"""Writes of scoring, one module per subject."""

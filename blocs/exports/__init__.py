"""Workbooks that blocs write: one module per subject."""

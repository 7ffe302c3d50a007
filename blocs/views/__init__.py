"""Pages of blocs, one module per subject."""

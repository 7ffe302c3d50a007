"""Forms of blocs, one module per subject."""

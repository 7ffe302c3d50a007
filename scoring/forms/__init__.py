"""Forms of scoring, one module per stage of the year."""

"""Evidence: attached, shared, replaced, opened, handed out."""

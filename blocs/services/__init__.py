"""Deeds on blocs. Each is one transaction that checks, writes and records."""

"""Deeds on pledges, registrations and reports. Each is one transaction that checks and records."""

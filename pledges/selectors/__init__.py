"""Reads of pledges, registrations and reports; the door to a year stands in blocs."""

"""Reads of scoring, each already scoped to the person who asks."""

"""Reads of blocs, each already scoped to the person who asks."""

"""Telling people what happened: the shape of the table, announcing, delivering, mailing."""

"""Deeds that change a province's structure: each is planned, read, confirmed, then recorded.

``plan_…`` reads only and says what the deed would do; the deed itself locks the board, makes the
plan anew, refuses where it is not the one that was read, writes, and records the change with the
sentences that were confirmed.
"""

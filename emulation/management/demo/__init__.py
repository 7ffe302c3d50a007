"""The demonstration, built through the services under a set clock.

``cast`` founds boards, units and people; ``year`` walks a bloc through its steps; ``sheets`` fills
and appraises score sheets; ``real_blocs`` and ``example_province`` tell the two stories from the
JSON files beside them.
"""

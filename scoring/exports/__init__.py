"""Papers and workbooks of scoring."""

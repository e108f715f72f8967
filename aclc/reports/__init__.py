"""Findings as text for people and machines: one file per format. A report is a function; it never decides an exit
code."""

"""Reads: the published file to figures, charts, words and exports."""

"""Reads a council's lists out of the files in which secretaries keep them; stores nothing."""

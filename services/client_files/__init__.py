"""The built web client as files in memory, with its hash."""

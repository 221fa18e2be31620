"""Councils, their members, and how a person's device becomes known."""

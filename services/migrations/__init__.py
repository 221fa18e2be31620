"""Alembic's revisions: one linear history, one revision a party, run by the owner's role."""

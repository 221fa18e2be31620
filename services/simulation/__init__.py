"""The clients of all parties over HTTP, each with its own keys; for the demo, tests and load."""

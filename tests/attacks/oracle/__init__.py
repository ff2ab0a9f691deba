"""Against the counter of an oracle, and honest variants. See tests/attacks/asking.py."""

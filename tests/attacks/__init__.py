"""Attacks, accidents and honest variants, one file each, with the points they must get: see corpus.py."""

"""Calling somebody's function instead of writing it: reported, and paid for as the instructor decides."""

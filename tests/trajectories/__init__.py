"""Trajectories of other people's implementations, which ours must reproduce."""

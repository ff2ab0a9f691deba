"""Live figures: controls -> compute -> artists -> pixels."""

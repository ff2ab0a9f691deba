"""Ways to fool whatever compares: patched functions, odd objects, odd arrays, forged answers."""

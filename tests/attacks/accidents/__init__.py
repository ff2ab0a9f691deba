"""What nobody meant: broken files, odd encodings, missing notebooks."""

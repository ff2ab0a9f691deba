"""A notebook whose cells, tags or metadata are not as they were released."""

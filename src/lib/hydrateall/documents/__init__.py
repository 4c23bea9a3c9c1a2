"""Documents: from a file to grounded, searchable knowledge, in five stages."""

"""What is wanted: the design model and its readers."""

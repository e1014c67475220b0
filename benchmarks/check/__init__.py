"""What `check` costs, beside other tools that read source."""

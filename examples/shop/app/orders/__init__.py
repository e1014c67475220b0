"""What somebody bought; nobody else sees it."""

"""What the words point to: the endpoints, models, columns and roles that the project has."""

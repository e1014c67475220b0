"""Results for people: what a door prints."""

"""What the code of a project is: read from the imported app and from its source, and never guessed."""

"""One command a file, named after it: each has a click command called `command`."""

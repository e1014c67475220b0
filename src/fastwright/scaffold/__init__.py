"""From a design to the files of a backend."""

"""What recipes for the whole app share: where it is made, what is asked of it, and how new parts are written."""

"""How much of the growth in known apps is found, fixed and proven."""

"""A small marketplace, as many are written: it works, and it has the faults that many have."""

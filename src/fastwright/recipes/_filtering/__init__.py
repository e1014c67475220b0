"""Lists that callers narrow: which parameters a column is asked by, and what has to be true of them."""

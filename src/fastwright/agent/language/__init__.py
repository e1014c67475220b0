"""From a string to normal words: tokens, base forms, spelling, and the clauses that a request is made of."""

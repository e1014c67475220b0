"""What is wanted: evidence for intents, the clauses that carry it, and the requests that they make up."""

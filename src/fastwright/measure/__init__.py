"""How many statements a request costs as its rows grow, where they come from, and where its time goes."""

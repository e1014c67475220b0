"""What `map` and a proof cost on an app of 200 endpoints."""

"""A new resource in an app that exists: its table, its models of bodies and answers, its endpoints."""

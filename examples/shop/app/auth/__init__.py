"""Who is calling: registration, logins, tokens, passwords, roles."""

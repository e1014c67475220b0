"""The Conduit API of the RealWorld project, on top of the generated tables, accounts and logins."""

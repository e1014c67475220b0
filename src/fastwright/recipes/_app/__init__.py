"""What new code has to fit into: how an app gets its sessions, lays out its files, and includes its routers."""

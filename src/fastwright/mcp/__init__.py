"""The door for agents: the verbs as tools of an MCP server. It needs the extra `fastwright[mcp]`."""

"""`skill`: the Backend Skill for the coding agent that a project is worked on with, and the gate before it is done."""

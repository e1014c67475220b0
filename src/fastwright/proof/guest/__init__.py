"""What runs in the project's own interpreter, behind the fences of the probe: its tests and its migrations.

Only the standard library is there, and what the project itself has.
"""

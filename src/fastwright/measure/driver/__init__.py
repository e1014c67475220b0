"""What runs in the app's own interpreter: fill a scratch database, drive the app, write down every statement.

Only the standard library is there, and what the app itself has. It collects; what it means is found out on our side.
"""

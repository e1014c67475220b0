"""What runs in the interpreter of a project: it imports the app, walks it, and writes down what it is.

Nothing in here needs more than the standard library of Python 3.9: the environment is the project's, not ours.
"""

"""Runs in the interpreter of a project: answers requests there, and tells why each was answered as it was.

Nothing in here needs more than the standard library, Python 3.9, and what the app itself has.
"""

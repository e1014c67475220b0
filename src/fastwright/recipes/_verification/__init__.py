"""Addresses that have to be confirmed, by a link that is mailed when an account is made."""

"""A new password for who has forgotten theirs: by a link that is mailed, and works once."""

"""One tool a file: each declares, as `TOOL`, the verb after which it is named."""

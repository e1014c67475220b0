"""What every request meets: errors, headers, limits, logs, metrics, pages."""

"""Code that is added to an app: rendered, laid out as the app has it, and linked by imports."""

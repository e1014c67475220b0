"""One typed function a verb; the doors only parse and render."""

"""A directory of its own for `sitecustomize`, which is put on the path of a project's tests."""

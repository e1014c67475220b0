"""How Python source is edited: found, matched and rendered with libcst, so that only what must change does."""

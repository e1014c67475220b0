"""Operations on a project, as frozen data: they can be applied, explained, serialised and compared."""

from fastwright.changes.add_file import AddFile
from fastwright.changes.change import Change

__all__ = ["AddFile", "Change"]

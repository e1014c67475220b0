"""Operations on a project, as frozen data: they can be applied, explained, serialised and compared.

To add an operation, add a file with a subclass of `Operation` whose `kind` is the file's name; it is found by itself.
"""

from fastwright.changes.add_file import AddFile
from fastwright.changes.change import Change
from fastwright.changes.operation import Operation

__all__ = ["AddFile", "Change", "Operation"]

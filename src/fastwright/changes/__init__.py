"""Operations on a project, as frozen data: they can be applied, explained, serialised and compared.

To add an operation, add a file with a subclass of `Operation` whose `kind` is the file's name; it is found by itself.
The operations are imported from their own files: those that edit Python take a library that is slow to import.
"""

from fastwright.changes.add_file import AddFile
from fastwright.changes.change import Change
from fastwright.changes.operation import Operation
from fastwright.changes.outcome import Applied, Outcome, Refused, Unchanged

__all__ = ["AddFile", "Applied", "Change", "Operation", "Outcome", "Refused", "Unchanged"]

"""What can be done about each cause: operations that may take it away, and the edit that a person would make."""

from fastwright.measure.fixes.advice import by_hand
from fastwright.measure.fixes.candidates import Surroundings, candidates, loader_option

__all__ = ["Surroundings", "by_hand", "candidates", "loader_option"]

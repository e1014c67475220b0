from .performer import Performer
from .stage import Slot, Stage

__all__ = ["Performer", "Slot", "Stage"]

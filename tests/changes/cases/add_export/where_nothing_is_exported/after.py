from .plant import get_plants

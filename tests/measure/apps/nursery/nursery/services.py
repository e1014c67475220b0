from dataclasses import dataclass

from nursery.repositories import PlantRepository


@dataclass(frozen=True)
class Offer:
    plant: str
    grower: str
    euros: float


class OfferService:
    def __init__(self, plants: PlantRepository) -> None:
        self._plants = plants

    def offers(self, count: int) -> list[Offer]:
        return [
            Offer(plant.latin_name, plant.grower.name, plant.price_cents / 100)
            for plant in self._plants.cheapest(count)
        ]

    def size(self) -> int:
        return self._plants.count()

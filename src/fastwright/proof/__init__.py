"""Why a change may land: staging, steps with evidence, landing."""

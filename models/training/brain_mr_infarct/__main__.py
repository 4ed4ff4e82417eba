"""Command line of the recipe."""

from models.training.brain_mr_infarct import data, package, settings
from models.training.common.slice_recipe import Recipe, main

RECIPE = Recipe(
    name="brain_mr_infarct",
    identity=package.IDENTITY,
    plans=settings.PLANS,
    shape=(settings.ROWS, settings.COLUMNS),
    operations=settings.OPERATIONS,
    threshold=settings.MASK_THRESHOLD,
    head_counts=settings.HEAD_COUNTS,
    specificities=settings.THRESHOLD_SPECIFICITY,
    pixel_mm=(settings.SPACING_MM, settings.SPACING_MM),
    load=data.load,
    native=data.native,
    more=data.gate_rates,
    export=package.export,
    tap=settings.GATE_TAP,
    others=data.no_stripped_slices,
)

if __name__ == "__main__":
    main(RECIPE)

"""Command line of the recipe."""

from models.training.brain_mr_tumour import data, institutions, package, settings
from models.training.common.slice_recipe import Recipe, main

RECIPE = Recipe(
    name="brain_mr_tumour",
    identity=package.IDENTITY,
    plans=settings.PLANS,
    shape=(settings.SIZE, settings.SIZE),
    operations=settings.OPERATIONS,
    threshold=settings.MASK_THRESHOLD,
    head_counts=settings.HEAD_COUNTS,
    specificities=settings.THRESHOLD_SPECIFICITY,
    pixel_mm=None,
    load=data.load_part,
    native=data.native_part,
    more=institutions.measure,
    export=package.export,
    tap=settings.GATE_TAP,
    others=data.no_heads,
)

if __name__ == "__main__":
    main(RECIPE)

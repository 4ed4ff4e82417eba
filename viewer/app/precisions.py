"""Which precision runs on this workstation, why, and what is known of it, in words."""

from collections.abc import Iterator, Sequence

from viewer.app.settings import Inference
from viewer.base.i18n import _
from viewer.inference.manifest_parts import VariantFigure
from viewer.inference.model_package import ModelPackage
from viewer.inference.precision import Precision, usable
from viewer.inference.session import Device


def in_use(chosen: Inference) -> Precision:
    """What is asked of the packages here: the site's choice, and the full network on CUDA."""
    return usable(chosen.precision, Device(chosen.device))


def on_card(chosen: Inference) -> bool:
    """Whether INT8 was chosen, and the full network runs here all the same, on CUDA."""
    return in_use(chosen) is not chosen.precision


def precision_words(package: ModelPackage, chosen: Inference) -> str:
    """Which network of a package this is; "" where it offers no choice."""
    if not package.manifest.variants:
        return ""
    if on_card(chosen) and not package.variant:
        return _("the full network: INT8 is chosen, and on CUDA the full network runs")
    said = _("the INT8 network") if package.variant else _("the full network")
    used = bool(package.variant) is (in_use(chosen) is Precision.INT8)
    return said if used else _("{network}, not in use now").format(network=said)


def said_of_precision(packages: Sequence[ModelPackage], chosen: Inference) -> str:
    """What follows from the choice on this workstation, for the reader who has just made it."""
    if on_card(chosen):
        return _(
            "INT8 is chosen for the site; this workstation runs on CUDA, with the full networks."
        )
    names = ", ".join(one.manifest.name for one in packages if one.variant)
    if chosen.precision is Precision.INT8 and not names:
        return _("INT8 is chosen; no installed model offers it, so the full networks run.")
    if names:
        return _(
            "From the next run on in INT8: {names}. To this site each is another network, with its own "
            "acceptance and threshold."
        ).format(names=names)
    return _("From the next run on the full networks run.")


def variant_lines(package: ModelPackage) -> Iterator[str]:
    """How the INT8 network was made, and each figure beside the full network's."""
    manifest = package.manifest
    variant = manifest.variants.get(Precision.INT8.value)
    if variant is not None:
        yield _("{method}; {time}; SHA-256 `{sha}`").format(
            method=variant.method,
            time=variant.time,
            sha=manifest.network_file(Precision.INT8.value).sha256,
        )
        yield from (_figure(one) for one in variant.performance)
        if variant.gate is not None and not package.variant:
            words = _("input check: of unseen images of the right kind at least {share:.1%} pass")
            yield words.format(share=variant.gate.passed)


def _figure(one: VariantFigure) -> str:
    return _("{metric} {value:.4f} (full network {full:.4f}), n = {n}, {data}").format(
        metric=one.metric, value=one.value, full=one.full, n=one.n, data=one.data
    )

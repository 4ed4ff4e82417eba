"""Which decoder plugins serve which transfer syntax; imagecodecs first, pydicom's own after it."""

from dataclasses import dataclass

from pydicom.pixels.decoders.base import Decoder, get_decoder
from pydicom.uid import UID, AllTransferSyntaxes, JPEGExtended12Bit

from viewer.dicom import imagecodecs_plugin

RETIRED_JPEG = {
    UID("1.2.840.10008.1.2.4.53"): JPEGExtended12Bit,
    UID("1.2.840.10008.1.2.4.55"): JPEGExtended12Bit,
}
"""Spectral selection and full progression, 12 bits: one codec reads all of DCT JPEG (PS3.5 8.2.1)."""


LEFT_OUT = frozenset({"pyjpegls", "pydicom"})
"""CharLS without a guard hangs on JPEG-LS images that end too early; pydicom's RLE decoder accepts segments
that do not fit the stated size. imagecodecs_plugin reads both and checks them.
"""


@dataclass(frozen=True)
class DecoderState:
    """One transfer syntax and what decodes it; no plugins and not native: it cannot be shown."""

    uid: str
    name: str
    plugins: tuple[str, ...]
    native: bool

    @property
    def can_decode(self) -> bool:
        """Whether frames of this syntax can be shown."""
        return self.native or bool(self.plugins)


def _register() -> None:
    """Give pydicom the imagecodecs plugin, once: at import, which Python does under a lock."""
    entry = (imagecodecs_plugin.__name__, imagecodecs_plugin.decode_frame.__name__)
    for syntax in imagecodecs_plugin.CODECS:
        decoder = get_decoder(syntax)
        if imagecodecs_plugin.LABEL not in decoder.available_plugins:
            decoder.add_plugin(imagecodecs_plugin.LABEL, entry)


_register()


def decoder_for(syntax: UID) -> Decoder | None:
    """pydicom's decoder of a transfer syntax, or None for one that it does not know."""
    try:
        return get_decoder(RETIRED_JPEG.get(syntax, syntax))
    except NotImplementedError:
        return None


def plugins_of(decoder: Decoder) -> tuple[str, ...]:
    """The plugins in the order they are tried; native syntaxes need none ("")."""
    if decoder.is_native:
        return ("",)
    found = [plugin for plugin in decoder.available_plugins if plugin not in LEFT_OUT]
    return tuple(sorted(found, key=lambda plugin: (plugin != imagecodecs_plugin.LABEL, plugin)))


def decoder_states() -> tuple[DecoderState, ...]:
    """Every transfer syntax with a pixel decoder, for the self check."""
    syntaxes = sorted({*map(UID, AllTransferSyntaxes), *RETIRED_JPEG})
    known = ((syntax, decoder_for(syntax)) for syntax in syntaxes)
    return tuple(
        DecoderState(
            str(syntax),
            syntax.name,
            () if decoder.is_native else plugins_of(decoder),
            decoder.is_native,
        )
        for syntax, decoder in known
        if decoder is not None
    )

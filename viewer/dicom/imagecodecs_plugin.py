"""imagecodecs as pydicom decoder plugin: fast, and it lets other threads run while it decodes."""

from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import uid
from pydicom.pixels.decoders.base import DecodeRunner

from viewer.dicom.codestream_size import stated_size
from viewer.dicom.jpeg_colour import colour_space_of
from viewer.dicom.rle import decode_rle

LABEL = "imagecodecs"
Decoded = NDArray[Any]
START_OF_SCAN, END_OF_IMAGE = b"\xff\xda", b"\xff\xd9"


def _refuse_cut(src: bytes) -> None:
    """These codecs fill what is missing with grey and say nothing; entropy data hold no such marker."""
    end = src.rfind(END_OF_IMAGE)
    if end < 0 or end < src.find(START_OF_SCAN):
        raise ValueError("the compressed image ends too early")


def _jpeg(src: bytes, runner: DecodeRunner) -> Decoded:
    """DCT JPEG; three components leave as RGB, whatever they were."""
    _refuse_cut(src)
    if runner.samples_per_pixel == 1:
        return _array(imagecodecs.jpeg8_decode(src))
    space = colour_space_of(src, str(runner.photometric_interpretation))
    runner.set_option("photometric_interpretation", "RGB")
    return _array(imagecodecs.jpeg8_decode(src, colorspace=space, outcolorspace="RGB"))


def _jpeg_lossless(src: bytes, runner: DecodeRunner) -> Decoded:
    """libjpeg-turbo; ljpeg_decode is slower and ends the program on damaged data."""
    _refuse_cut(src)
    return _array(
        imagecodecs.jpeg8_decode(src, colorspace="RGB", outcolorspace="RGB")
        if runner.samples_per_pixel == 3
        else imagecodecs.jpeg8_decode(src)
    )


def _jpeg_ls(src: bytes, runner: DecodeRunner) -> Decoded:
    """CharLS searches for minutes behind an image that ends too early."""
    _refuse_cut(src)
    return _array(imagecodecs.jpegls_decode(src))


def _jpeg_2000(src: bytes, runner: DecodeRunner) -> Decoded:
    """The codec undoes the component transform itself."""
    if str(runner.photometric_interpretation) in ("YBR_ICT", "YBR_RCT"):
        runner.set_option("photometric_interpretation", "RGB")
    return _array(imagecodecs.jpeg2k_decode(src, numthreads=1))


def _high_throughput_jpeg_2000(src: bytes, runner: DecodeRunner) -> Decoded:
    """OpenJPH is several times faster; OpenJPEG reads the same."""
    try:
        decoded = _array(imagecodecs.htj2k_decode(src))
    except (RuntimeError, ValueError):
        return _jpeg_2000(src, runner)
    if str(runner.photometric_interpretation) in ("YBR_ICT", "YBR_RCT"):
        runner.set_option("photometric_interpretation", "RGB")
    return decoded


def _rle(src: bytes, runner: DecodeRunner) -> Decoded:
    size = (runner.rows, runner.columns, runner.samples_per_pixel)
    return decode_rle(src, *size, runner.bits_allocated // 8)


CODECS: dict[uid.UID, Callable[[bytes, DecodeRunner], Decoded]] = {
    uid.RLELossless: _rle,
    uid.JPEGBaseline8Bit: _jpeg,
    uid.JPEGExtended12Bit: _jpeg,
    uid.JPEGLossless: _jpeg_lossless,
    uid.JPEGLosslessSV1: _jpeg_lossless,
    uid.JPEGLSLossless: _jpeg_ls,
    uid.JPEGLSNearLossless: _jpeg_ls,
    uid.JPEG2000Lossless: _jpeg_2000,
    uid.JPEG2000: _jpeg_2000,
    uid.HTJ2KLossless: _high_throughput_jpeg_2000,
    uid.HTJ2KLosslessRPCL: _high_throughput_jpeg_2000,
    uid.HTJ2K: _high_throughput_jpeg_2000,
}
DECODER_DEPENDENCIES = dict.fromkeys(CODECS, ("numpy", "imagecodecs"))


def is_available(transfer_syntax: str) -> bool:
    """Whether this plugin decodes the transfer syntax (asked by pydicom)."""
    return transfer_syntax in CODECS


def decode_frame(src: bytes, runner: DecodeRunner) -> bytes:
    """One encoded frame to its samples, pixel by pixel (called by pydicom).

    Raises ValueError where the compressed image is not of the size that the header states.
    """
    _refuse_other_size(src, runner)
    decoded = CODECS[runner.transfer_syntax](src, runner)
    samples = decoded.shape[2] if decoded.ndim == 3 else 1
    stated = (runner.rows, runner.columns, runner.samples_per_pixel)
    if (*decoded.shape[:2], samples) != stated:
        raise ValueError(
            f"the compressed image is {_size(decoded.shape[0], decoded.shape[1], samples)}, "
            f"the header says {_size(*stated)}"
        )
    runner.set_option("bits_allocated", decoded.dtype.itemsize * 8)
    if samples > 1:
        runner.set_option("planar_configuration", 0)
    return np.ascontiguousarray(decoded).tobytes()


def _refuse_other_size(src: bytes, runner: DecodeRunner) -> None:
    """Before decoding: a lying size can cost minutes and gigabytes."""
    if runner.transfer_syntax == uid.RLELossless:
        return
    found = stated_size(src)
    if found is not None and found != (runner.rows, runner.columns):
        samples = runner.samples_per_pixel
        raise ValueError(
            f"the compressed image is {_size(*found, samples)}, "
            f"the header says {_size(runner.rows, runner.columns, samples)}"
        )


def _size(rows: int, columns: int, samples: int) -> str:
    return f"{columns} x {rows} pixels of {samples} sample{'s' if samples > 1 else ''}"


def _array(decoded: object) -> Decoded:
    array = np.asarray(decoded)
    return array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array

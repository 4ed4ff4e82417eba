"""Files with random bytes changed are shown or refused by name: nothing else, and never slowly."""

from random import Random
from time import perf_counter

import pytest

from viewer.base.errors import ViewerError
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.domain.display_set import FrameRef

DAMAGES = 40
LONGEST_SECONDS = 5.0
FILES = (
    "CT_small.dcm",
    "MR_small_RLE.dcm",
    "SC_rgb_rle_16bit.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "JPEGLSNearLossless_16.dcm",
    "emri_small_RLE.dcm",
)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_shown_or_refused_by_name(name, real_file, tmp_path) -> None:
    content = real_file(name).read_bytes()
    random = Random(name)
    path = tmp_path / "damaged.dcm"
    for _number in range(DAMAGES):
        damaged = bytearray(content)
        for _byte in range(random.choice((1, 3, 20))):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        path.write_bytes(damaged)
        start = perf_counter()
        try:
            decode(FrameRef("", 0, path))
        except ViewerError as error:
            assert path.name in str(error)
        index([path], lambda _: None, lambda _: None)
        assert perf_counter() - start < LONGEST_SECONDS

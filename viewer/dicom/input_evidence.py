"""What a network was given: the instance, its class, and hashes of the file and of the decoded frame."""

from viewer.dicom.evidence import file_sha256, pixels_sha256
from viewer.dicom.reader import read
from viewer.domain.finding import InputEvidence
from viewer.domain.image import Frame


def input_evidence(frame: Frame) -> InputEvidence:
    """Evidence of one decoded frame; raises FileProblem when its file cannot be read any more."""
    header = read(frame.ref.path, pixels=False)
    return InputEvidence(
        frame.ref.sop_instance_uid,
        str(header.get("SOPClassUID", "")),
        frame.ref.frame,
        file_sha256(frame.ref.path),
        pixels_sha256(frame),
    )

"""Networks as second readers: model packages, where they apply, how they run, what they propose.

Nothing here knows DICOM files, Qt or threads. onnxruntime is imported by `session` alone.
"""

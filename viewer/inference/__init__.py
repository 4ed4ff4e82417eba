"""Networks as second readers: model packages, where they apply, how they run, what they propose.

Nothing here knows DICOM files, Qt or threads. onnxruntime is imported by `session` alone. Its
official builds (1.29 and later) send telemetry to their maker and keep a device id on
the disk. `ORT_DISABLE_TELEMETRY`, set before the library is loaded, is its full opt-out
(github.com/microsoft/onnxruntime/pull/27379): nothing is made, kept or sent.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

"""The recipe of chest_xray_heart_size. The viewer's package is loaded first: it keeps onnxruntime silent."""

import viewer.inference  # noqa: F401

"""A bare ONNX classifier to a model package: what the graph says is read, what it cannot say is asked."""

"""The image on the screen: transform, painting, layers, mouse."""

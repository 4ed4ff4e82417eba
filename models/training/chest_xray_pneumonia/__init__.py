"""Recipe of models/chest_xray_pneumonia: opacities on chest films, by features of the lungs' own crop."""

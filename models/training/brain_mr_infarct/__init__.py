"""Recipe of `brain_mr_infarct`: acute infarcts on skull-stripped FLAIR slices in MNI space."""

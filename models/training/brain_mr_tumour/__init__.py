"""Recipe of `brain_mr_tumour`: lower-grade glioma on FLAIR slices of the whole head."""

"""Recipe of `chest_ct_nodule`: tells nodules from look-alikes in patches of chest CT."""

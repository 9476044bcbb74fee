"""Every claim, derivation, erratum and question of a pack, through the doors that learners use."""

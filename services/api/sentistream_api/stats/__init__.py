"""How many posts of each label, and with which score."""

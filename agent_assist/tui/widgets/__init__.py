"""The parts of the desk. They show the values they are given and say in messages what was done to them."""

"""Random use of the real program in a pseudo-terminal: keys, bursts, bad bytes, pastes, clicks, resizes, and facts that
change from outside. By hand: `python -m tests.tui.fuzz --seed 7 --actions 5000`.
"""

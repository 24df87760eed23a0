"""Tests of reading and checking phrasebooks."""

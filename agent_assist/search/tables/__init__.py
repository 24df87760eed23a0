"""Tables of facts about characters, generated once by `tables/build.py` and read as plain text at run time.

`readings.txt` (toneless pinyin of each character) comes from pypinyin (MIT, readings from the Unicode Unihan database);
`simplified.txt` (traditional and variant characters) from OpenCC's TSCharacters (Apache-2.0). Reading them costs about
3 ms, importing pypinyin 600 ms.
"""

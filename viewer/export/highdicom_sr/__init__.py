"""The reader's report in highdicom's terms: the only home of highdicom, and where it is mended.

Mended, because it would otherwise be untrue or fail:
- the image library demands Imager Pixel Spacing of each radiograph and writes it as its pixel spacing;
- a report needs a measurement group, so a normal film could not be reported;
- the time of verification is the time of writing, without zone;
- patient and study attributes are parsed, and a value that is odd but stored stops the report;
- the document keeps the character set of the image, which may not hold the reader's words.
"""

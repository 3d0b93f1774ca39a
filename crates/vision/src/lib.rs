//! Finding, rectifying and reading a KTP in a picture, and judging the picture.

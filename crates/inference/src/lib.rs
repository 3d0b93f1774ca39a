//! The Model port and the tract adapter behind it, with the verified model manifest.

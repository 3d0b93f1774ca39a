//! The KTP domain: NIK, fields, vocabularies, regions, checks. Pure.

//! The lossless parser.

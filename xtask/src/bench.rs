//! Measures the built binary.
use crate::Result;
pub(crate) fn run(_: Option<&str>) -> Result {
    Ok(())
}

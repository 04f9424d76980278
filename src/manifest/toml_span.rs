//! Where a string stands in a TOML document.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike};

use super::{Manifest, ManifestError, Role, Site};
use crate::version::Spelling;

/// A parsed document that knows its spans.
pub(super) type Spanned<'a> = Document<&'a str>;

/// Parses the manifest's text.
pub(super) fn parse(manifest: &Manifest) -> Result<Spanned<'_>, ManifestError> {
    let text = manifest.text.as_str();
    Document::parse(text).map_err(|error| manifest.syntax(&error))
}

/// The item at `keys` below `table`.
pub(super) fn get<'a>(table: &'a dyn TableLike, keys: &[&str]) -> Option<&'a Item> {
    let (first, rest) = keys.split_first()?;
    let item = table.get(first)?;
    if rest.is_empty() {
        Some(item)
    } else {
        get(item.as_table_like()?, rest)
    }
}

/// The site of the string at `keys`, if a string stands there.
pub(super) fn site(
    manifest: &Manifest,
    table: &dyn TableLike,
    keys: &[&str],
    spelling: Spelling,
) -> Result<Option<Site>, ManifestError> {
    let Some(item) = get(table, keys) else {
        return Ok(None);
    };
    let Some(text) = item.as_str() else {
        return Ok(None);
    };
    let place = keys.join(".");
    let span = inner(manifest, item).ok_or_else(|| manifest.unsafe_edit(&place))?;
    Ok(Some(Site {
        place,
        text: text.to_owned(),
        span,
        spelling,
        role: Role::Declares,
    }))
}

/// The span between the quotes of a one-line string without escapes.
pub(super) fn inner(manifest: &Manifest, item: &Item) -> Option<Range<usize>> {
    let span = item.as_value()?.span()?;
    let span = span.start + 1..span.end.checked_sub(1)?;
    (manifest.text.get(span.clone())? == item.as_str()?).then_some(span)
}

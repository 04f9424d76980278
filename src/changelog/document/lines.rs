//! A file line by line, with what Markdown makes of each.

use std::ops::Range;

/// A line, or the two lines of an underlined heading.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    pub(super) shape: Shape<'a>,
    pub(super) span: Range<usize>,
    /// Whether a fence or a comment begins here.
    pub(super) opens: bool,
}

/// What a line is. Numbers are the columns it is indented by, except a heading's depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape<'a> {
    Mark,
    Heading(usize, &'a str),
    Bullet(usize),
    Link(&'a str),
    Opaque(usize),
    Text(usize),
    Blank,
}

/// What has been opened and not closed.
enum Open {
    Nothing,
    /// A code fence: its character and length.
    Fence(char, usize),
    Comment,
}

pub(super) fn scan(text: &str) -> Vec<Line<'_>> {
    const MARK: &str = "\u{feff}";
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut position = 0;
    if text.starts_with(MARK) {
        position = MARK.len();
        lines.push(Line {
            shape: Shape::Mark,
            span: 0..position,
            opens: false,
        });
    }
    let mut open = Open::Nothing;
    for line in text[position..].split_inclusive('\n') {
        let span = position..position + line.len();
        position = span.end;
        let before = matches!(open, Open::Nothing);
        let shape = match open {
            Open::Nothing => opened(line, &mut open).unwrap_or_else(|| shape(line)),
            Open::Fence(mark, length) => {
                let trimmed = line.trim();
                let count = trimmed.chars().take_while(|c| *c == mark).count();
                if count >= length && trimmed.chars().count() == count {
                    open = Open::Nothing;
                }
                Shape::Opaque(indent(line))
            }
            Open::Comment => {
                if line.contains("-->") {
                    open = Open::Nothing;
                }
                Shape::Opaque(indent(line))
            }
        };
        let opens = before && matches!(shape, Shape::Opaque(_));
        if let Some(underlined) = underlined(lines.last(), shape, line, text) {
            if let Some(last) = lines.last_mut() {
                last.shape = underlined;
                last.span.end = span.end;
            }
            continue;
        }
        lines.push(Line { shape, span, opens });
    }
    lines
}

/// A fence or a comment that begins on this line.
fn opened<'a>(line: &'a str, open: &mut Open) -> Option<Shape<'a>> {
    let trimmed = line.trim();
    for mark in ['`', '~'] {
        let count = trimmed.chars().take_while(|c| *c == mark).count();
        // Backticks after the opening ones make it code in a line of text.
        if count >= 3 && !(mark == '`' && trimmed[count..].contains('`')) {
            *open = Open::Fence(mark, count);
            return Some(Shape::Opaque(indent(line)));
        }
    }
    if trimmed.starts_with("<!--") && indent(line) < 4 {
        if !trimmed["<!--".len()..].contains("-->") {
            *open = Open::Comment;
        }
        return Some(Shape::Opaque(indent(line)));
    }
    None
}

fn shape(line: &str) -> Shape<'_> {
    let indent = indent(line);
    let trimmed = line.trim();
    if trimmed.is_empty() {
        return Shape::Blank;
    }
    let depth = heading_depth(line);
    if depth > 0 {
        let title = trimmed[depth..].trim();
        let bare = title.trim_end_matches('#');
        let title = if bare.is_empty() || bare.ends_with(' ') {
            bare.trim()
        } else {
            title
        };
        return Shape::Heading(depth, title);
    }
    let mut chars = trimmed.chars();
    if matches!(chars.next(), Some('-' | '*' | '+')) && chars.next().is_none_or(char::is_whitespace)
    {
        return Shape::Bullet(indent);
    }
    if let Some((label, target)) = trimmed
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]:"))
        && indent < 4
        && !label.is_empty()
        && !label.contains(['[', ']'])
        && !target.trim().is_empty()
    {
        return Shape::Link(label);
    }
    Shape::Text(indent)
}

/// How many `#` make this line a heading; 0 when it is none. An underlined one has its depth too.
pub(super) fn heading_depth(text: &str) -> usize {
    let line = text.lines().next().unwrap_or_default();
    let trimmed = line.trim();
    let depth = trimmed.chars().take_while(|c| *c == '#').count();
    let rest = &trimmed[depth..];
    if (1..=6).contains(&depth)
        && indent(line) < 4
        && (rest.is_empty() || rest.starts_with([' ', '\t']))
    {
        return depth;
    }
    match text.lines().nth(1).map(|under| under.trim().chars().next()) {
        Some(Some('=')) => 1,
        Some(Some('-')) => 2,
        _ => 0,
    }
}

/// The heading that the line before is when `line` underlines it.
fn underlined<'a>(
    last: Option<&Line<'a>>,
    shape: Shape<'_>,
    line: &str,
    text: &'a str,
) -> Option<Shape<'a>> {
    let last = last.filter(|last| matches!(last.shape, Shape::Text(indent) if indent < 4))?;
    let title = text[last.span.clone()].trim();
    let trimmed = line.trim();
    let depth = match trimmed.chars().next()? {
        '=' => 1,
        '-' => 2,
        _ => return None,
    };
    let uniform = trimmed.chars().all(|c| trimmed.starts_with(c));
    let long = trimmed.len() > 1 || matches!(shape, Shape::Text(_));
    // Only the first line of a paragraph: a longer heading is no release's.
    let first = text[..last.span.start]
        .lines()
        .next_back()
        .is_none_or(|l| l.trim().is_empty());
    (uniform && long && first && indent(line) < 4).then_some(Shape::Heading(depth, title))
}

/// The columns before the first character.
pub(super) fn indent(line: &str) -> usize {
    let mut columns = 0;
    for c in line.chars() {
        match c {
            ' ' => columns += 1,
            '\t' => columns += 4 - columns % 4,
            _ => break,
        }
    }
    columns
}
